# Own texts of: Ministry of Foreign Affairs of Ukraine. The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the chat of the Ministry of Foreign Affairs of Ukraine!
    We help with consular matters. If you are in trouble abroad, write the country and city and call a consultant.

## Topics: button and answer
topic-emergency = In trouble abroad
answer-emergency =
    If you have been detained or hurt, have lost your papers or had an accident, contact the nearest diplomatic mission of Ukraine.
    A consul can get in touch with the local authorities and your family, issue a return document and give a list of lawyers and interpreters.
    Write the country and city and call a consultant: such enquiries go first.

topic-passport = Passport abroad
answer-passport =
    A passport for travel abroad can be issued at a diplomatic mission of Ukraine or at a Passport Service office where there is one.
    Book in advance; you need valid identity papers, and for children the parents' consent in the cases set by law.
    Special rules of martial law apply to some categories of citizens.

topic-return = Return document
answer-return =
    If your passport is lost or void, a consul can issue a certificate for return to Ukraine.
    It gives the right to enter Ukraine only and is valid for a limited time.
    Report a lost or stolen passport to the local police as well.

topic-registration = Consular registration
answer-registration =
    Citizens who live abroad permanently should enter the consular register: it makes services and contact in danger easier.
    Those who travel for a short time are advised to register the journey.
    Apply at a consular post or in the electronic consulate where the service is available.

topic-legalisation = Apostille and certification
answer-legalisation =
    For the states of the Hague Convention a document gets an apostille, for others consular legalisation.
    Court and civil status papers are apostilled by the Ministry of Justice, educational ones by the education authorities, the rest by the Ministry of Foreign Affairs.
    Powers of attorney and other notarial acts abroad are done by a consul by appointment.

topic-travel = Travel advice
answer-travel =
    Before a journey check the advice on the country, the entry rules, the validity of your passport and insurance.
    Keep the contacts of the nearest embassy or consulate of Ukraine.
    The rules of crossing the border under martial law are explained by the State Border Guard Service.

topic-visas = Visas for foreigners
answer-visas =
    Whether you need a visa for Ukraine depends on your citizenship and purpose.
    Visas of types C and D are issued by the diplomatic missions of Ukraine abroad; term and papers depend on the ground.
    Tell your citizenship and purpose and a consultant will be more exact.

## Subtopics: button and answer
topic-emergency-detained = Detained or arrested
answer-emergency-detained =
    You may demand that the consul of Ukraine is told of the arrest: say so to the police at once.
    The consul checks the conditions, informs relatives and gives a list of lawyers.
    Write the country, the city and the name, and call a consultant.

topic-emergency-lost = Lost documents
answer-emergency-lost =
    Report the loss or theft to the local police and take a confirmation.
    The consular office issues a certificate for return to Ukraine or accepts papers for a new passport.
    Bring photos and any copies of documents.

topic-emergency-death = Death abroad
answer-emergency-death =
    Please accept our condolences.
    The consul helps with the death certificate and the permit for transport; insurance or the family covers the costs.
    Write the country and call a consultant.

topic-passport-child = Passport for a child
answer-passport-child =
    A parent applies for a child; the birth certificate and the documents of the parents are needed.
    In cases set by law the notarised consent of the other parent is needed.

topic-passport-queue = Appointment
answer-passport-queue =
    Appointments are made in the electronic queue; free slots appear unevenly, so look regularly.
    Those who sell slots are not our staff: tell us of such offers.
    In an urgent case write the country and the reason and call a consultant.

topic-return-documents = How to get it
answer-return-documents =
    An application, two photos and proof of identity are needed, for example a copy of the passport.
    The consul verifies the identity, so the time depends on the registers.
    The certificate is taken away on entry to Ukraine.

topic-registration-temporary = Temporary registration
answer-registration-temporary =
    Whoever leaves for a short time should register the trip: the consul can then find you in danger.
    It is free.

topic-legalisation-attorney = Power of attorney
answer-legalisation-attorney =
    Abroad a power of attorney is certified by the consul on appointment; you must be present.
    A local notary will do too; the paper then needs an apostille or legalisation and a translation.

topic-legalisation-apostille = Where to get an apostille
answer-legalisation-apostille =
    Educational papers are apostilled in the field of education, court and civil status papers by the Ministry of Justice, the rest by the Ministry of Foreign Affairs.
    Apply in person, through a representative or by post.
    An apostille can be checked in the electronic register.

topic-travel-border = Crossing the border
answer-travel-border =
    The government sets the rules of leaving under martial law, the State Border Guard Service decides at the border.
    For a child with one parent take the birth certificate; with another person a consent is needed.

answer-visas-types-en =
    Visa C is short-term, D is long-term and precedes a residence permit (work, study, family reunion).
    Fill in the form on the ministry's visa site, then file the papers with the diplomatic mission of Ukraine in your country of residence.
    Tell a consultant your citizenship and purpose for the exact list.

topic-visas-types = Types of visas
answer-visas-types =
    Visa C is short-term, D is long-term and precedes a residence permit: for work, study, family reunion.
    The form is filled in online, the papers are filed with the diplomatic mission.
