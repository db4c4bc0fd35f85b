"""De post: systemen van anderen horen dat een taak veranderde, zonder te hoeven vragen.

R4-vorm van de Subscriptions R5 Backport (1.1): één onderwerp, rest-hook, alleen ids. `onderwerp.py` zegt waarop men
zich abonneert, `adres.py` waar het heen mag, `bericht.py` wat erin staat, `versturen.py` hoe het gaat, `bezorger.py`
wanneer, en besluit 0017 waarom zo. Klaarleggen gebeurt in `server/store/meldingen.py`, in de transactie van de taak.
E-mail is er niet.
"""
