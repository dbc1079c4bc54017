"""The addresses of workshops: joining, the desk around a session, and the moves of its stages."""

from django.contrib.auth import views as auth
from django.urls import path

from workshops.views import facilitate, invitations, participate, people, run_sheet

app_name = "workshops"
urlpatterns = [
    path("", participate.home, name="home"),
    path("join/", participate.enter_code, name="enter_code"),
    path("join/<code:code>/", participate.join, name="join"),
    path("join/<code:code>/qr.svg", participate.qr, name="qr"),
    path("join/<code:code>/leave/", participate.leave, name="leave"),
    path("join/<code:code>/<slug:key>/", participate.join_by_token, name="join_by_token"),
    path("desk/sign-out/", auth.LogoutView.as_view(), name="sign_out"),
    path("desk/", facilitate.workshops, name="workshops"),
    path("desk/invitations/", invitations.invite_planner, name="invite_planner"),
    path("desk/invitations/<id:invitation_id>/withdraw/", invitations.withdraw_planner, name="withdraw_planner"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("desk/new/", facilitate.new_workshop, name="new_workshop"),
    path("desk/reviews/", facilitate.reviews, name="reviews"),
    path("desk/reviews/new/", facilitate.new_review, name="new_review"),
    path("desk/reviews/<id:review_id>/", facilitate.edit_review, name="edit_review"),
    path("desk/<code:code>/run-sheet/", run_sheet.run_sheet, name="run_sheet"),
    path("desk/<code:code>/wifi/", run_sheet.wifi, name="wifi"),
    path("desk/<code:code>/wifi/qr.svg", run_sheet.wifi_qr, name="wifi_qr"),
    path("desk/<code:code>/details/", facilitate.edit_workshop, name="edit_workshop"),
    path("desk/<code:code>/people/", people.people, name="people"),
    path("desk/<code:code>/people/<id:user_id>/role/", people.change_role, name="change_role"),
    path("desk/<code:code>/people/<id:user_id>/remove/", people.remove, name="remove_person"),
    path("desk/<code:code>/invitations/", invitations.invite_person, name="invite_person"),
    path("desk/<code:code>/invitations/<id:invitation_id>/withdraw/", invitations.withdraw, name="withdraw"),
    path("desk/<code:code>/stages/<id:stage_id>/open/", facilitate.move_to, name="move_to"),
    path("desk/<code:code>/stages/<id:stage_id>/reveal/", facilitate.reveal, name="reveal"),
    path("desk/<code:code>/stages/<id:stage_id>/cover/", facilitate.cover, name="cover"),
    path("desk/<code:code>/stages/<id:stage_id>/timer/", facilitate.timer, name="timer"),
    path("desk/<code:code>/stages/<id:stage_id>/minute/", facilitate.one_more_minute, name="one_more_minute"),
    path("desk/<code:code>/stages/<id:stage_id>/pause/", facilitate.pause, name="pause"),
    path("desk/<code:code>/stages/<id:stage_id>/resume/", facilitate.resume, name="resume"),
    path("desk/<code:code>/blank/", facilitate.blank, name="blank"),
    path("desk/<code:code>/controls/", facilitate.take_over, name="take_over"),
    path("desk/<code:code>/wall/", facilitate.show, name="show"),
]
