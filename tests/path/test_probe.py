from signalpost import settings
def test_probe(database: settings.Settings):
    from django.db import connection
    with connection.cursor() as c:
        c.execute("select count(*) from event"); assert c.fetchone() == (0,)
