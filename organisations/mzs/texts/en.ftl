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
