"""Every address of the product. The four doors of a workshop are named here, where both apps are known."""

from django.urls import include, path

from ratings.views import facilitate, journal, participate, project

urlpatterns = [
    path("", include("ratings.urls")),  # first what a room full of phones asks: addresses are tried from the top
    path("", include("workshops.urls")),
    path("", include("workshops.account_urls")),
    path("w/<code:code>/", participate.stage, name="phone"),
    path("desk/<code:code>/", facilitate.run, name="desk"),
    path("wall/<code:code>/", project.wall, name="wall"),
    path("journal/<code:code>/", journal.journal, name="journal"),
]
handler400 = "workshops.views.errors.bad_request"
handler403 = "workshops.views.errors.forbidden"
handler404 = "workshops.views.errors.not_found"
handler500 = "workshops.views.errors.server_error"
