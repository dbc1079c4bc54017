"""The addresses of what people say: phones, the desk's lists, the wall, the journal."""

from django.urls import path

from ratings.views import facilitate, imperatives, journal, participate, project

app_name = "ratings"
urlpatterns = [
    path("w/<str:code>/card/", participate.open_card, name="open_card"),
    path("w/<str:code>/stages/<int:stage_id>/", participate.question, name="question"),
    path("w/<str:code>/answers/", participate.answers, name="answers"),
    path("w/<str:code>/scales/<int:scale_id>/score/", participate.save_score, name="save_score"),
    path("w/<str:code>/deliverables/<int:deliverable_id>/rag/", participate.save_rag, name="save_rag"),
    path("w/<str:code>/imperatives/", participate.save_imperatives, name="save_imperatives"),
    path("w/<str:code>/votes/", participate.save_votes, name="save_votes"),
    path("desk/<str:code>/now/", facilitate.now, name="now"),
    path("desk/<str:code>/tally/", facilitate.tally, name="tally"),
    path("desk/<str:code>/comments/", facilitate.comments, name="comments"),
    path("desk/<str:code>/comments/<int:comment_id>/", facilitate.decide, name="decide"),
    path("desk/<str:code>/comments/show-new/", facilitate.show_new, name="show_new"),
    path("desk/<str:code>/imperatives/", imperatives.imperatives, name="imperatives"),
    path("desk/<str:code>/imperatives/merge/", imperatives.merge, name="merge"),
    path("desk/<str:code>/imperatives/<int:imperative_id>/part/", imperatives.part, name="part"),
    path("desk/<str:code>/imperatives/<int:imperative_id>/action/", imperatives.action, name="action"),
    path("desk/<str:code>/rehearsal/", facilitate.remove_rehearsal, name="remove_rehearsal"),
    path("wall/<str:code>/picture/", project.wall_picture, name="wall_picture"),
    path("journal/<str:code>/journal.pdf", journal.journal_pdf, name="journal_pdf"),
]
