# Own texts of: Online chat "Accessible education". The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the chat "Accessible education"!
    We help with inclusive education: assessment, class, assistant, accessibility.
    Write at your own pace; voice messages and photos are welcome too.
not-understood = Sorry, I did not quite understand. Write it shorter or choose a topic by its button.

## Topics: button and answer
topic-assessment = Assessment at a resource centre
answer-assessment =
    The psychological and pedagogical assessment of a child is made by an inclusive resource centre, free of charge.
    A parent or legal guardian applies; a diagnosis or disability is not a condition.
    The centre gives a conclusion with the level of support and recommendations.

topic-class = Inclusive class or group
answer-class =
    An inclusive class or group is opened by the institution at the parents' request; the grounds are the application and the conclusion of the resource centre.
    A child must not be refused for special educational needs.
    If the institution is slow, turn to the education department or describe the matter to a consultant.

topic-assistant = Assistant and support team
answer-assistant =
    A teacher's assistant works with the whole class and helps to adapt the lessons; a child's assistant helps with daily needs.
    For each child a support team draws up an individual development programme; parents are full members.
    The programme is reviewed at least twice a year.

topic-accessibility = Accessible buildings
answer-accessibility =
    An educational institution has to be physically accessible: entrance, rooms, toilet, shelter.
    If there are barriers, write the address of the institution and add photos.
    Reasonable accommodation is due even before the building works are done.

topic-distance = Learning at home and online
answer-distance =
    If a child cannot attend, there are distance and family learning, or pedagogical patronage at home.
    Parents choose the form with the institution; lessons with specialists can be remote as well.
    The inclusive resource centre helps with recommendations.

topic-discrimination = Refusal, bullying
answer-discrimination =
    A refusal, bullying or humiliation because of special needs is a violation.
    Report bullying to the head of the institution, who must call a commission and tell the police.
    Call a consultant if the institution does not react; tell what happened and when.
