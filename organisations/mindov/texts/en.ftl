# Own texts of: Ministry of Environmental Protection and Natural Resources of Ukraine. The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the chat of the Ministry of Environmental Protection and Natural Resources of Ukraine!
    Report a violation or ask about permits, forest, water or waste. You may send photos here.
media-received =
    Thank you, the file is kept with your enquiry. If it shows a violation, write the place and time, and call a consultant.

## Topics: button and answer
topic-violation = Report a violation
answer-violation =
    You can report pollution, illegal logging, a discharge into water or an illegal dump right here.
    Give the place as exactly as you can, the time and what you see; photos and videos may be sent in the chat.
    Inspections are made by the State Environmental Inspectorate: a consultant passes your report on. Do not go near unknown substances.

topic-war-damage = Damage by the war
answer-war-damage =
    Damage to the environment by hostilities can be reported through the EcoZagroza application or here.
    Reports with photo, place and time help to account for the losses.
    Record the consequences only where it is safe.

topic-waste = Waste
answer-waste =
    Household waste is organised by your community: the local council tells the collection schedule and the places for sorted waste.
    Dangerous waste (batteries, lamps, chemicals) must not be thrown away with the ordinary.
    Enterprises declare and account for waste in the electronic system.

topic-forest = Forest and timber
answer-forest =
    Whether felling is lawful can be checked by its felling ticket, the data of which are published.
    If you suspect illegal felling, report the place and time and add a photo.
    For firewood for households turn to the forestry or the local council.

topic-water = Water
answer-water =
    Report a mass death of fish, or an unusual colour or smell of water, here: name the water body, the settlement and the time.
    A permit for special water use is issued electronically.
    The quality of drinking water at home is a matter for its supplier.

topic-assessment = Impact assessment
answer-assessment =
    An environmental impact assessment is mandatory for activities listed by law and comes before the decision to begin.
    Notices, reports and conclusions are placed in an open register, and the public may comment within the set terms.
    For a particular case give its number to a consultant.

topic-permits = Permits and e-services
answer-permits =
    Most permits and declarations on the environment are filed electronically through the EcoSystem.
    You need an electronic signature to enter. The documents and the term are given in the description of each service.
    If an application is returned the answer must state why: a consultant will help you to understand it.
