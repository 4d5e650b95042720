"""The library with its releases, and the four eyes of a release in the database itself."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Two names are one person's however they are written; as `govern.names.plain` has it, but for rare letters.
_PLAIN = """
CREATE FUNCTION plain_name(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(normalize(btrim(name), NFKC))
"""

# Everybody whose change a release is.
_CHANGERS = """
CREATE FUNCTION release_changers(wanted text) RETURNS SETOF text LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT plain_name(person) FROM release, unnest(release.editors || release.author) AS person
  WHERE release.ref = wanted
  UNION
  SELECT plain_name(person) FROM release_change AS change
  JOIN item_version AS version ON version.digest = change.digest,
    unnest(version.editors || version.author) AS person
  WHERE change.release = wanted;
END
"""

_SIGN_OFF = """
CREATE FUNCTION refuse_own_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF btrim(NEW.person) = '' OR plain_name(NEW.person) IN (SELECT release_changers(NEW.release)) THEN
    RAISE EXCEPTION 'release %: nobody approves their own change', NEW.release USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""

_RELEASE = """
CREATE FUNCTION refuse_own_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state NOT IN ('approved', 'scheduled', 'live') THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM release_sign_off AS step
                 WHERE step.release = NEW.ref AND step.digest = NEW.digest
                   AND plain_name(step.person) = plain_name(NEW.approver)) THEN
    RAISE EXCEPTION 'release %: wanted an approval of what it holds, got none', NEW.ref
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM release_sign_off AS step
             WHERE step.release = NEW.ref AND step.digest = NEW.digest
               AND plain_name(step.person) IN (SELECT release_changers(NEW.ref))) THEN
    RAISE EXCEPTION 'release %: nobody approves their own change', NEW.ref USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""

_CHANGE = """
CREATE FUNCTION refuse_change_of_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  named text := CASE TG_OP WHEN 'DELETE' THEN OLD.release ELSE NEW.release END;
BEGIN
  IF EXISTS (SELECT FROM release WHERE ref = named AND state NOT IN ('draft', 'in_review')) THEN
    RAISE EXCEPTION 'release %: what is approved cannot be changed', named USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""

_TEMPLATE = """
CREATE FUNCTION refuse_own_template() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  word jsonb;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.content <> OLD.content OR NEW.digest <> OLD.digest) THEN
    RAISE EXCEPTION 'template version %: a content never changes', OLD.digest USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state NOT IN ('approved', 'scheduled', 'live') THEN
    RETURN NEW;
  END IF;
  IF NEW.approval = '' THEN
    RAISE EXCEPTION 'template version %: wanted an approval, got none', NEW.digest USING ERRCODE = 'check_violation';
  END IF;
  word := NEW.approval::jsonb;
  IF word ->> 'content' IS DISTINCT FROM NEW.digest OR btrim(coalesce(word ->> 'approver', '')) = '' THEN
    RAISE EXCEPTION 'template version %: wanted an approval of this content', NEW.digest
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT plain_name(person) FROM (
      SELECT word ->> 'approver' AS person
      UNION SELECT step ->> 'person' FROM jsonb_array_elements(word -> 'sign_offs') AS step) AS approving
    INTERSECT
    SELECT plain_name(person) FROM (
      SELECT NEW.author AS person UNION SELECT word ->> 'author'
      UNION SELECT jsonb_array_elements_text(NEW.editors::jsonb)) AS changing
  ) THEN
    RAISE EXCEPTION 'template version %: nobody approves their own change', NEW.digest
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""

_ITEM = """
CREATE FUNCTION refuse_changed_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.digest, NEW.kind, NEW.name, NEW.body, NEW.author, NEW.created_at)
      IS DISTINCT FROM (OLD.digest, OLD.kind, OLD.name, OLD.body, OLD.author, OLD.created_at)
      OR NOT NEW.editors @> OLD.editors THEN
    RAISE EXCEPTION 'item version %: a version never changes', OLD.digest USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""

_TRIGGERS = (
    """
    CREATE TRIGGER own_sign_off BEFORE INSERT OR UPDATE ON release_sign_off
    FOR EACH ROW EXECUTE FUNCTION refuse_own_sign_off()
    """,
    # Constraint triggers see the sign-offs of the same statement's transaction, at whatever time they were written.
    """
    CREATE CONSTRAINT TRIGGER own_release AFTER INSERT OR UPDATE ON release
    FOR EACH ROW EXECUTE FUNCTION refuse_own_release()
    """,
    """
    CREATE CONSTRAINT TRIGGER change_of_approved AFTER INSERT OR UPDATE OR DELETE ON release_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved()
    """,
    """
    CREATE CONSTRAINT TRIGGER content_of_approved AFTER INSERT OR UPDATE OR DELETE ON release_content
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved()
    """,
    """
    CREATE TRIGGER own_template BEFORE INSERT OR UPDATE ON template_version
    FOR EACH ROW EXECUTE FUNCTION refuse_own_template()
    """,
    """
    CREATE TRIGGER changed_item BEFORE UPDATE OR DELETE ON item_version
    FOR EACH ROW EXECUTE FUNCTION refuse_changed_item()
    """,
)

# Versions that others took the place of were called live until now; the one that was in force stays so.
_ONE_LIVE = """
UPDATE template_version SET state = 'retired' WHERE state = 'live' AND digest NOT IN (
  SELECT DISTINCT ON (communication_id, language) digest FROM template_version
  WHERE state = 'live' AND effective_from <= now() AND (effective_to IS NULL OR effective_to > now()) AND approval <> ''
  ORDER BY communication_id, language, effective_from DESC, approval::jsonb ->> 'approved_at' DESC, digest)
"""


class Migration(migrations.Migration):
    dependencies = [("signalpost", "0009_lean_rows")]

    operations = [
        migrations.RunSQL(_ONE_LIVE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="BoundContent",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("communication", models.TextField()),
                ("language", models.CharField(max_length=35)),
                ("body", models.TextField()),
            ],
            options={
                "db_table": "bound_content",
            },
        ),
        migrations.CreateModel(
            name="ItemVersion",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("body", models.TextField()),
                ("author", models.TextField()),
                (
                    "editors",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "item_version",
            },
        ),
        migrations.CreateModel(
            name="LiveItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "live_item",
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("ref", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("state", models.CharField(default="draft", max_length=40)),
                ("author", models.TextField()),
                (
                    "editors",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("assigned_to", models.TextField(blank=True, default="")),
                ("approver", models.TextField(blank=True, default="")),
                ("approved_at", models.DateTimeField(null=True)),
                ("effective_from", models.DateTimeField(null=True)),
                ("effective_to", models.DateTimeField(null=True)),
                ("live_at", models.DateTimeField(null=True)),
                ("over_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "release",
            },
        ),
        migrations.CreateModel(
            name="ReleaseChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("base", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "db_table": "release_change",
            },
        ),
        migrations.CreateModel(
            name="ReleaseComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("place", models.TextField(blank=True)),
                ("text", models.TextField()),
                ("person", models.TextField()),
                ("at", models.DateTimeField()),
                ("resolved_by", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "release_comment",
            },
        ),
        migrations.CreateModel(
            name="ReleaseContent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("communication", models.TextField()),
                ("language", models.CharField(max_length=35)),
                ("content", models.CharField(blank=True, max_length=64)),
                ("base", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "db_table": "release_content",
            },
        ),
        migrations.CreateModel(
            name="ReleaseSignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("role", models.CharField(max_length=40)),
                ("person", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "release_sign_off",
            },
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "live")), fields=("communication", "language"), name="template_live_once"
            ),
        ),
        migrations.AddIndex(
            model_name="itemversion",
            index=models.Index(fields=["kind", "name", "-created_at"], name="item_version_by_name"),
        ),
        migrations.AddField(
            model_name="liveitem",
            name="version",
            field=models.ForeignKey(
                db_column="digest", on_delete=django.db.models.deletion.PROTECT, to="signalpost.itemversion"
            ),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["-created_at", "ref"], name="release_by_time"),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(
                condition=models.Q(("state", "scheduled")), fields=["effective_from"], name="release_scheduled"
            ),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(
                condition=models.Q(("effective_to__isnull", False), ("state", "live")),
                fields=["effective_to"],
                name="release_ending",
            ),
        ),
        migrations.AddField(
            model_name="liveitem",
            name="release",
            field=models.ForeignKey(
                db_column="release", on_delete=django.db.models.deletion.PROTECT, to="signalpost.release"
            ),
        ),
        migrations.AddField(
            model_name="releasechange",
            name="release",
            field=models.ForeignKey(
                db_column="release", on_delete=django.db.models.deletion.CASCADE, to="signalpost.release"
            ),
        ),
        migrations.AddField(
            model_name="releasecomment",
            name="release",
            field=models.ForeignKey(
                db_column="release", on_delete=django.db.models.deletion.CASCADE, to="signalpost.release"
            ),
        ),
        migrations.AddField(
            model_name="releasecontent",
            name="release",
            field=models.ForeignKey(
                db_column="release", on_delete=django.db.models.deletion.CASCADE, to="signalpost.release"
            ),
        ),
        migrations.AddField(
            model_name="releasesignoff",
            name="release",
            field=models.ForeignKey(
                db_column="release", on_delete=django.db.models.deletion.CASCADE, to="signalpost.release"
            ),
        ),
        migrations.AddConstraint(
            model_name="liveitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("kind", "name"), name="live_item_once"
            ),
        ),
        migrations.AddIndex(
            model_name="releasechange",
            index=models.Index(fields=["kind", "name"], name="release_change_by_name"),
        ),
        migrations.AddConstraint(
            model_name="releasechange",
            constraint=models.UniqueConstraint(fields=("release", "kind", "name"), name="release_change_once"),
        ),
        migrations.AddConstraint(
            model_name="releasecomment",
            constraint=models.UniqueConstraint(fields=("release", "number"), name="release_comment_once"),
        ),
        migrations.AddConstraint(
            model_name="releasecontent",
            constraint=models.UniqueConstraint(
                fields=("release", "communication", "language"), name="release_content_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="releasesignoff",
            constraint=models.UniqueConstraint(fields=("release", "digest", "role"), name="release_sign_off_once"),
        ),
        migrations.CreateModel(
            name="PlaybookItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("playbook", models.TextField()),
                ("kind", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"db_table": "playbook_item"},
        ),
        migrations.AddConstraint(
            model_name="playbookitem",
            constraint=models.UniqueConstraint(fields=("playbook", "kind", "name"), name="playbook_item_once"),
        ),
        migrations.AlterModelOptions(
            name="staffright",
            options={
                "permissions": [
                    ("see", "Can see numbers, situations and channels"),
                    ("read_customers", "Can read what customers were told"),
                    ("read_input", "Can read what came in"),
                    ("export", "Can export lists"),
                    ("replay", "Can replay and discard what was refused"),
                    ("redrive", "Can put dead letters back"),
                    ("pause", "Can pause channels and lanes"),
                    ("write", "Can write communications, texts and brands"),
                    ("write_rules", "Can write triggers, segments, contracts and the channel policy"),
                    ("approve", "Can approve what others wrote, and take it back"),
                ],
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.RunSQL([_PLAIN, _CHANGERS, _SIGN_OFF, _RELEASE, _CHANGE, _TEMPLATE, _ITEM, *_TRIGGERS]),
    ]
