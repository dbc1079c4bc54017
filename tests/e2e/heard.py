"""What a screen reader is given on a phone: a scale to answer, and what the room said of it."""

QUESTION_HEARD = """
- main:
  - heading "Being at the goal" [level=1]
  - term: "10"
  - definition: /anchor/
  - term: "0"
  - definition: /anchor/
  - group "Your rating":
    - radio "0"
    - radio "5"
    - radio "10"
    - radio "I can’t say That counts as an answer."
  - group "What makes you say so? Optional":
    - radio "Working well"
    - textbox "Your comment"
  - button "Save my rating"
"""
REVEAL_HEARD = """
- main:
  - heading "Being at the goal" [level=1]
  - paragraph: The room is looking at the answers. They cannot be changed now.
  - paragraph: You gave 7. Only this phone shows it.
  - figure:
    - img /9 scores from 0 to 10. Median 5, middle half 3 to 6, lowest 0, highest 10.* 1 person could not say./
"""
