"""Every address of the product. What pages of both apps lead to is named here, where both are known."""

from django.urls import include, path

from ratings.views import carrying, facilitate, journal, participate, project

urlpatterns = [
    path("", include("ratings.urls")),  # first what a room full of phones asks: addresses are tried from the top
    path("", include("workshops.urls")),
    path("", include("workshops.account_urls")),
    path("w/<code:code>/", participate.stage, name="phone"),
    path("desk/take-in/", carrying.take_in_workshop, name="take_in"),
    path("desk/<code:code>/", facilitate.run, name="desk"),
    path("wall/<code:code>/", project.wall, name="wall"),
    path("journal/<code:code>/", journal.journal, name="journal"),
]
handler400 = "workshops.views.errors.bad_request"
handler403 = "workshops.views.errors.forbidden"
handler404 = "workshops.views.errors.not_found"
handler500 = "workshops.views.errors.server_error"
