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

## Subtopics: button and answer
topic-assessment-papers = Appointment and papers
answer-assessment-papers =
    A parent or guardian applies with an identity document, the birth certificate and medical papers if there are any.
    The assessment is free, no referral is needed.
    The centre is that of the residence or the school.

topic-assessment-appeal = Disagree with the conclusion
answer-assessment-appeal =
    Parents may ask for a new assessment at the same or another centre.
    Say what was not considered.
    The level is also reviewed when needs change.

topic-class-open = Open an inclusive class
answer-class-open =
    Apply to the head with the conclusion of the centre; the institution must open a class or group.
    Have the application registered.
    If it drags on, turn to the educational authority.

topic-class-kindergarten = Inclusion in a kindergarten
answer-class-kindergarten =
    An inclusive group in a kindergarten is opened in the same way: on the parents' application and the conclusion.
    The group gets smaller and an assistant is added.

topic-assistant-child = Who may be the child's assistant
answer-assistant-child =
    The child's assistant may be a parent or a person they name; it is a social service.
    A medical certificate and a contract with the institution are needed.
    The teacher's assistant is hired by the institution.

topic-assistant-programme = Programme and lessons
answer-assistant-programme =
    The individual programme is made within two weeks of the start, with the parents.
    The number of lessons depends on the level of support; the state pays.
    If lessons are missing, write which ones.

topic-accessibility-report = Report a barrier
answer-accessibility-report =
    Send a photo, the address and what is in the way: stairs, a threshold, a door, the toilet, the shelter.
    We pass it to the founder; a consultant registers an appeal if needed.

topic-distance-patronage = Patronage
answer-distance-patronage =
    Patronage means a teacher comes home if the child cannot attend.
    It rests on the parents' application and a conclusion of a doctor or the centre.
    It can be arranged for the treatment or for the whole year.

answer-discrimination-bullying-person =
    Do not stay alone with this.
    Press "Call a consultant" and write the school, the class and what happened: the appeal is taken first.

topic-discrimination-bullying = A child is bullied
answer-discrimination-bullying =
    Give the head a written statement: within a day they must react, call a commission and tell the police and the service for children.
    Keep messages and photos.
    Turn to the educational ombudsman if nothing happens.

topic-discrimination-refusal = Admission was refused
answer-discrimination-refusal =
    Ask for a written refusal with the reason: a spoken one counts for nothing.
    Special needs are no ground for a refusal.
    Take it to the educational authority or call a consultant.
