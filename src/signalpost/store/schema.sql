CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION public.plain_name(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(NORMALIZE(btrim(name), NFKC));

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.refuse_change_of_approved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  named text := CASE TG_OP WHEN 'DELETE' THEN OLD.release ELSE NEW.release END;
BEGIN
  IF EXISTS (SELECT FROM release WHERE ref = named AND state NOT IN ('draft', 'in_review')) THEN
    RAISE EXCEPTION 'release %: what is approved cannot be changed', named USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_changed_item() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.digest, NEW.kind, NEW.name, NEW.body, NEW.author, NEW.created_at)
      IS DISTINCT FROM (OLD.digest, OLD.kind, OLD.name, OLD.body, OLD.author, OLD.created_at)
      OR NOT NEW.editors @> OLD.editors THEN
    RAISE EXCEPTION 'item version %: a version never changes', OLD.digest USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.refuse_own_release() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
END $$;

CREATE FUNCTION public.refuse_own_sign_off() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF btrim(NEW.person) = '' OR plain_name(NEW.person) IN (SELECT release_changers(NEW.release)) THEN
    RAISE EXCEPTION 'release %: nobody approves their own change', NEW.release USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.refuse_own_template() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
END $$;

CREATE TABLE public.item_version (
    digest character varying(64) NOT NULL,
    kind character varying(40) NOT NULL,
    name text NOT NULL,
    body text NOT NULL,
    author text NOT NULL,
    editors text[] NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.release (
    ref character varying(200) NOT NULL,
    title text NOT NULL,
    state character varying(40) NOT NULL,
    author text NOT NULL,
    editors text[] NOT NULL,
    digest character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    assigned_to text NOT NULL,
    approver text NOT NULL,
    approved_at timestamp with time zone,
    effective_from timestamp with time zone,
    effective_to timestamp with time zone,
    live_at timestamp with time zone,
    over_at timestamp with time zone,
    reason text NOT NULL
);

CREATE TABLE public.release_change (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    name text NOT NULL,
    digest character varying(64) NOT NULL,
    base character varying(64) NOT NULL,
    release character varying(200) NOT NULL
);

CREATE FUNCTION public.release_changers(wanted text) RETURNS SETOF text
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT public.plain_name(person.person) AS plain_name
    FROM public.release,
     LATERAL unnest((release.editors || release.author)) person(person)
   WHERE ((release.ref)::text = release_changers.wanted)
 UNION
  SELECT public.plain_name(person.person) AS plain_name
    FROM (public.release_change change
      JOIN public.item_version version ON (((version.digest)::text = (change.digest)::text))),
     LATERAL unnest((version.editors || version.author)) person(person)
   WHERE ((change.release)::text = release_changers.wanted);
END;

CREATE TABLE public.account (
    ref character varying(200) NOT NULL,
    currency character varying(3) NOT NULL,
    facts text NOT NULL,
    customer_id character varying(200) NOT NULL,
    premise_id character varying(200) NOT NULL
);

CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id integer NOT NULL
);

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.affected (
    id bigint NOT NULL,
    household character varying(200) NOT NULL,
    party character varying(200) NOT NULL,
    premises character varying(200)[] NOT NULL,
    is_decided boolean NOT NULL,
    change_id character varying(200) NOT NULL
);

ALTER TABLE public.affected ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.affected_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.alarm (
    ref character varying(200) NOT NULL,
    subject character varying(200) NOT NULL,
    kind character varying(40) NOT NULL,
    severity smallint NOT NULL,
    state character varying(40) NOT NULL,
    area character varying(200) NOT NULL,
    incident character varying(200) NOT NULL,
    due_at timestamp with time zone,
    raised_at timestamp with time zone NOT NULL,
    cleared_at timestamp with time zone,
    body text NOT NULL
);

CREATE TABLE public.area (
    ref character varying(200) NOT NULL,
    name text NOT NULL,
    outline jsonb NOT NULL
);

CREATE TABLE public.attempt (
    id bigint NOT NULL,
    number smallint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    kind character varying(40) NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    provider_ref text NOT NULL,
    delivery_id character varying(200) NOT NULL,
    lease integer,
    provider text NOT NULL
);

ALTER TABLE public.attempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_user (
    id integer NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL
);

CREATE TABLE public.auth_user_groups (
    id bigint NOT NULL,
    user_id integer NOT NULL,
    group_id integer NOT NULL
);

ALTER TABLE public.auth_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.auth_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_user_user_permissions (
    id bigint NOT NULL,
    user_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.body (
    id bigint NOT NULL,
    channel character varying(40) NOT NULL,
    sender text NOT NULL,
    content_type text NOT NULL,
    body bytea NOT NULL,
    headers jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL
);

ALTER TABLE public.body ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.body_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.bound_content (
    digest character varying(64) NOT NULL,
    communication text NOT NULL,
    language character varying(35) NOT NULL,
    body text NOT NULL
);

CREATE TABLE public.bucket (
    name text NOT NULL,
    free_at timestamp with time zone NOT NULL,
    promised_until timestamp with time zone NOT NULL,
    slowness smallint NOT NULL,
    slowed_at timestamp with time zone
);

CREATE TABLE public.change (
    ref character varying(200) NOT NULL,
    kind character varying(40) NOT NULL,
    situation character varying(200) NOT NULL,
    stage integer NOT NULL,
    communication text NOT NULL,
    lane character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    body text NOT NULL
);

CREATE TABLE public.client_scope (
    client_id character varying(100) NOT NULL,
    scopes character varying(40)[] NOT NULL
);

CREATE TABLE public.communication_type (
    name text NOT NULL,
    title text NOT NULL,
    category character varying(40) NOT NULL,
    channels character varying(40)[] NOT NULL,
    retention_days integer NOT NULL,
    playbook text NOT NULL
);

CREATE TABLE public.consent (
    id bigint NOT NULL,
    purpose character varying(40) NOT NULL,
    given_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    customer_id character varying(200) NOT NULL
);

ALTER TABLE public.consent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.contact_point (
    ref character varying(200) NOT NULL,
    channel character varying(40) NOT NULL,
    address text NOT NULL,
    postal jsonb,
    state character varying(40) NOT NULL,
    suppressed text NOT NULL,
    customer_id character varying(200) NOT NULL
);

CREATE TABLE public.contract (
    type text NOT NULL,
    body text NOT NULL,
    playbook text NOT NULL
);

CREATE TABLE public.customer (
    ref character varying(200) NOT NULL,
    kind character varying(40) NOT NULL,
    name text NOT NULL,
    salutation text NOT NULL,
    household character varying(200) NOT NULL,
    language character varying(35) NOT NULL,
    time_zone text NOT NULL,
    is_barred boolean NOT NULL,
    quiet_start time without time zone,
    quiet_end time without time zone,
    role character varying(40) NOT NULL,
    facts text NOT NULL
);

CREATE TABLE public.decision (
    ref character varying(200) NOT NULL,
    change character varying(200) NOT NULL,
    situation character varying(200) NOT NULL,
    kind character varying(40) NOT NULL,
    stage integer NOT NULL,
    estimate_version integer NOT NULL,
    party character varying(200) NOT NULL,
    household character varying(200) NOT NULL,
    communication text NOT NULL,
    category character varying(40) NOT NULL,
    language character varying(35) NOT NULL,
    lane character varying(40) NOT NULL,
    verdict character varying(40) NOT NULL,
    reason character varying(40) NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    state character varying(40) NOT NULL,
    page bigint NOT NULL,
    body text NOT NULL,
    facts text NOT NULL,
    manuscript character varying(64) NOT NULL,
    title text NOT NULL,
    problem text NOT NULL
);

CREATE SEQUENCE public.decision_page
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.delivery (
    ref character varying(200) NOT NULL,
    channel character varying(40) NOT NULL,
    via character varying(40) NOT NULL,
    rank smallint NOT NULL,
    start character varying(40) NOT NULL,
    after_seconds integer NOT NULL,
    state character varying(40) NOT NULL,
    due_at timestamp with time zone,
    expires_at timestamp with time zone,
    lane character varying(40) NOT NULL,
    quiet_hours text NOT NULL,
    time_zone text NOT NULL,
    address text NOT NULL,
    postal text NOT NULL,
    contact_point character varying(200) NOT NULL,
    rendition character varying(64) NOT NULL,
    media_type text NOT NULL,
    units integer NOT NULL,
    headers text NOT NULL,
    has_unsubscribe boolean NOT NULL,
    ordering_key character varying(200) NOT NULL,
    attempts smallint NOT NULL,
    outcome character varying(40) NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    provider_ref text NOT NULL,
    opened_at timestamp with time zone,
    clicked_at timestamp with time zone,
    complained_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    communication_id character varying(200) NOT NULL
);

CREATE TABLE public.device (
    ref character varying(200) NOT NULL,
    type text NOT NULL,
    seen_at timestamp with time zone,
    cleared jsonb NOT NULL,
    area_id character varying(200) NOT NULL,
    premise_id character varying(200) NOT NULL
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.document (
    digest character varying(64) NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    pack character varying(80) NOT NULL,
    kept_until date NOT NULL,
    stored_at timestamp with time zone NOT NULL
);

CREATE TABLE public.drafts_brand (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    brand_name character varying(200) NOT NULL,
    logo_svg text NOT NULL,
    "primary" character varying(7) NOT NULL,
    on_primary character varying(7) NOT NULL,
    imprint jsonb NOT NULL,
    return_address character varying(200) NOT NULL,
    country character varying(2) NOT NULL,
    website character varying(200) NOT NULL,
    telephone character varying(200) NOT NULL,
    more jsonb NOT NULL,
    senders jsonb NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_brand ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_brand_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_communication (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    category character varying(100) NOT NULL,
    channels jsonb NOT NULL,
    speaks_of character varying(100) NOT NULL,
    brand character varying(100) NOT NULL,
    layout character varying(100) NOT NULL,
    retention_days integer NOT NULL,
    sms_segments smallint NOT NULL,
    contract text NOT NULL,
    inserts jsonb NOT NULL,
    samples jsonb NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer,
    CONSTRAINT drafts_communication_retention_days_check CHECK ((retention_days >= 0)),
    CONSTRAINT drafts_communication_sms_segments_check CHECK ((sms_segments >= 0))
);

ALTER TABLE public.drafts_communication ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_communication_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_datacontract (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    facts text NOT NULL,
    event jsonb NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_datacontract ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_datacontract_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_edition (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    language character varying(100) NOT NULL,
    subject text NOT NULL,
    preheader text NOT NULL,
    sms text NOT NULL,
    push_title text NOT NULL,
    push_body text NOT NULL,
    variants jsonb NOT NULL,
    terms jsonb NOT NULL,
    body jsonb NOT NULL,
    communication_id bigint NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_edition ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_edition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_image (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    media_type character varying(100) NOT NULL,
    content_digest character varying(64) NOT NULL,
    alternatives jsonb NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_image ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_image_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_insert (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    content_digest character varying(64) NOT NULL,
    weight_grams double precision NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_insert ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_insert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_language (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    direction character varying(3) NOT NULL,
    labels jsonb NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_language ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_language_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_layout (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    source text NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_layout ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_layout_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_policy (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    record text NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_policy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_policy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_segment (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    record text NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_segment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_sharedtext (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    variants jsonb NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_sharedtext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_sharedtext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.drafts_trigger (
    id bigint NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    locked boolean NOT NULL,
    locked_at timestamp with time zone,
    name character varying(140) NOT NULL,
    title character varying(200) NOT NULL,
    live boolean NOT NULL,
    changed_by character varying(150) NOT NULL,
    digest character varying(64) NOT NULL,
    record text NOT NULL,
    latest_revision_id integer,
    live_revision_id integer,
    locked_by_id integer
);

ALTER TABLE public.drafts_trigger ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.drafts_trigger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.endpoint (
    ref character varying(200) NOT NULL,
    url text NOT NULL,
    secret text NOT NULL,
    wants character varying(40)[] NOT NULL,
    owner character varying(200) NOT NULL,
    system character varying(200) NOT NULL,
    disabled_at timestamp with time zone,
    disabled_because text NOT NULL,
    failing_since timestamp with time zone
);

CREATE TABLE public.estimate (
    id bigint NOT NULL,
    version integer NOT NULL,
    restoration_at timestamp with time zone,
    stated_at timestamp with time zone NOT NULL,
    body text NOT NULL,
    incident_id character varying(200) NOT NULL
);

ALTER TABLE public.estimate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.estimate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.event (
    id bigint NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    subject character varying(200) NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    lane character varying(40) NOT NULL,
    data text NOT NULL,
    digest character varying(64) NOT NULL,
    "position" integer NOT NULL,
    noted character varying(40) NOT NULL,
    rule text NOT NULL,
    ref character varying(200) NOT NULL,
    assessed_at timestamp with time zone,
    body_id bigint NOT NULL
);

ALTER TABLE public.event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.held_lease AS
 SELECT (objid)::bigint AS number
   FROM pg_locks
  WHERE ((locktype = 'advisory'::text) AND (classid = (8320)::oid) AND (objsubid = 2) AND granted AND (database = ( SELECT pg_database.oid
           FROM pg_database
          WHERE (pg_database.datname = current_database()))));

CREATE TABLE public.idempotency_key (
    id bigint NOT NULL,
    client character varying(200) NOT NULL,
    key character varying(200) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    status smallint NOT NULL,
    media_type text NOT NULL,
    body bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE public.idempotency_key ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.idempotency_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.incident (
    ref character varying(200) NOT NULL,
    area character varying(200) NOT NULL,
    cause character varying(40) NOT NULL,
    severity smallint NOT NULL,
    state character varying(40) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    active_count integer NOT NULL,
    member_count integer NOT NULL,
    restoration_at timestamp with time zone,
    body text NOT NULL
);

CREATE TABLE public.lease (
    number integer NOT NULL,
    holder text NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone
);

ALTER TABLE public.lease ALTER COLUMN number ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.lease_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.listening (
    id smallint NOT NULL,
    since timestamp with time zone NOT NULL,
    looked_at timestamp with time zone NOT NULL
);

CREATE TABLE public.live_item (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    name text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    digest character varying(64) NOT NULL,
    release character varying(200) NOT NULL
);

ALTER TABLE public.live_item ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.live_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.log_cursor (
    name character varying(40) NOT NULL,
    "position" bigint NOT NULL
);

CREATE TABLE public.log_fact (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    subject character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL,
    body text NOT NULL,
    sequence bigint,
    previous character varying(64) NOT NULL,
    digest character varying(64) NOT NULL
);

ALTER TABLE public.log_fact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.log_fact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.mapping (
    name text NOT NULL,
    rank integer NOT NULL,
    body text NOT NULL,
    playbook text NOT NULL
);

CREATE TABLE public.member (
    id bigint NOT NULL,
    device character varying(200) NOT NULL,
    premise character varying(200) NOT NULL,
    left_at timestamp with time zone,
    tell_restored_at timestamp with time zone,
    body text NOT NULL,
    incident_id character varying(200) NOT NULL
);

ALTER TABLE public.member ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.member_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.oauth2_provider_accesstoken (
    id bigint NOT NULL,
    token text NOT NULL,
    expires timestamp with time zone NOT NULL,
    scope text NOT NULL,
    application_id bigint,
    user_id integer,
    created timestamp with time zone NOT NULL,
    updated timestamp with time zone NOT NULL,
    source_refresh_token_id bigint,
    id_token_id bigint,
    token_checksum character varying(64) NOT NULL,
    resource jsonb NOT NULL
);

ALTER TABLE public.oauth2_provider_accesstoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.oauth2_provider_accesstoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.oauth2_provider_application (
    id bigint NOT NULL,
    client_id character varying(255) NOT NULL,
    redirect_uris text NOT NULL,
    client_type character varying(32) NOT NULL,
    authorization_grant_type character varying(44) NOT NULL,
    client_secret character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    user_id integer,
    skip_authorization boolean NOT NULL,
    created timestamp with time zone NOT NULL,
    updated timestamp with time zone NOT NULL,
    algorithm character varying(5) NOT NULL,
    post_logout_redirect_uris text NOT NULL,
    hash_client_secret boolean NOT NULL,
    allowed_origins text NOT NULL,
    registration_source character varying(32) NOT NULL,
    cimd_expires_at timestamp with time zone
);

ALTER TABLE public.oauth2_provider_application ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.oauth2_provider_application_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.oauth2_provider_devicegrant (
    id bigint NOT NULL,
    device_code character varying(100) NOT NULL,
    user_code character varying(100) NOT NULL,
    scope text NOT NULL,
    "interval" integer NOT NULL,
    expires timestamp with time zone NOT NULL,
    status character varying(64) NOT NULL,
    client_id character varying(100) NOT NULL,
    last_checked timestamp with time zone NOT NULL,
    user_id integer
);

ALTER TABLE public.oauth2_provider_devicegrant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.oauth2_provider_devicegrant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.oauth2_provider_grant (
    id bigint NOT NULL,
    code character varying(255) NOT NULL,
    expires timestamp with time zone NOT NULL,
    redirect_uri text NOT NULL,
    scope text NOT NULL,
    application_id bigint NOT NULL,
    user_id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    updated timestamp with time zone NOT NULL,
    code_challenge character varying(128) NOT NULL,
    code_challenge_method character varying(10) NOT NULL,
    nonce character varying(255) NOT NULL,
    claims text NOT NULL,
    resource jsonb NOT NULL
);

ALTER TABLE public.oauth2_provider_grant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.oauth2_provider_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.oauth2_provider_idtoken (
    id bigint NOT NULL,
    jti uuid NOT NULL,
    expires timestamp with time zone NOT NULL,
    scope text NOT NULL,
    created timestamp with time zone NOT NULL,
    updated timestamp with time zone NOT NULL,
    application_id bigint,
    user_id integer
);

ALTER TABLE public.oauth2_provider_idtoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.oauth2_provider_idtoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.oauth2_provider_refreshtoken (
    id bigint NOT NULL,
    token text NOT NULL,
    access_token_id bigint,
    application_id bigint NOT NULL,
    user_id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    updated timestamp with time zone NOT NULL,
    revoked timestamp with time zone,
    token_family uuid,
    token_checksum character varying(64) NOT NULL,
    resource jsonb NOT NULL
);

ALTER TABLE public.oauth2_provider_refreshtoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.oauth2_provider_refreshtoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.playbook_item (
    id bigint NOT NULL,
    playbook text NOT NULL,
    kind character varying(40) NOT NULL,
    name text NOT NULL,
    digest character varying(64) NOT NULL
);

ALTER TABLE public.playbook_item ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.playbook_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.policy_version (
    version character varying(64) NOT NULL,
    body text NOT NULL,
    in_force_from timestamp with time zone NOT NULL
);

CREATE TABLE public.preference (
    id bigint NOT NULL,
    category character varying(40) NOT NULL,
    channels character varying(40)[] NOT NULL,
    refused character varying(40)[] NOT NULL,
    customer_id character varying(200) NOT NULL
);

ALTER TABLE public.preference ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.preference_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.premise (
    ref character varying(200) NOT NULL,
    lines jsonb NOT NULL,
    postcode text NOT NULL,
    locality text NOT NULL,
    region text NOT NULL,
    country character varying(2) NOT NULL,
    time_zone text NOT NULL,
    longitude double precision,
    latitude double precision,
    area_id character varying(200) NOT NULL
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.provider (
    id bigint NOT NULL,
    via character varying(40) NOT NULL,
    name text NOT NULL,
    rank smallint NOT NULL,
    failures integer NOT NULL,
    rests_until timestamp with time zone,
    failed_at timestamp with time zone,
    well_at timestamp with time zone,
    detail text NOT NULL
);

ALTER TABLE public.provider ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.provider_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.quarantine (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    reason character varying(40) NOT NULL,
    field text NOT NULL,
    wanted text NOT NULL,
    got text NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    state character varying(40) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    settled_by text NOT NULL,
    body_id bigint NOT NULL
);

ALTER TABLE public.quarantine ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.receipt (
    id bigint NOT NULL,
    via character varying(40) NOT NULL,
    channel character varying(40) NOT NULL,
    kind character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    delivery character varying(200) NOT NULL,
    provider_ref text NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    dedupe character varying(64) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    followed_at timestamp with time zone,
    result character varying(40) NOT NULL
);

ALTER TABLE public.receipt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.receipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.release_change ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.release_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.release_comment (
    id bigint NOT NULL,
    number integer NOT NULL,
    place text NOT NULL,
    text text NOT NULL,
    person text NOT NULL,
    at timestamp with time zone NOT NULL,
    resolved_by text NOT NULL,
    release character varying(200) NOT NULL
);

ALTER TABLE public.release_comment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.release_comment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.release_content (
    id bigint NOT NULL,
    communication text NOT NULL,
    language character varying(35) NOT NULL,
    content character varying(64) NOT NULL,
    base character varying(64) NOT NULL,
    release character varying(200) NOT NULL
);

ALTER TABLE public.release_content ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.release_content_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.release_sign_off (
    id bigint NOT NULL,
    digest character varying(64) NOT NULL,
    role character varying(40) NOT NULL,
    person text NOT NULL,
    at timestamp with time zone NOT NULL,
    release character varying(200) NOT NULL
);

ALTER TABLE public.release_sign_off ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.release_sign_off_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.replay (
    ref character varying(200) NOT NULL,
    release character varying(200) NOT NULL,
    digest character varying(64) NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    cases_max integer NOT NULL,
    state character varying(40) NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    total integer NOT NULL,
    untouched integer NOT NULL,
    done integer NOT NULL,
    cursor text NOT NULL,
    notes text NOT NULL,
    prices text NOT NULL,
    problem text NOT NULL
);

CREATE TABLE public.replay_case (
    id bigint NOT NULL,
    decision character varying(200) NOT NULL,
    change character varying(200) NOT NULL,
    event bigint NOT NULL,
    trigger text NOT NULL,
    household character varying(200) NOT NULL,
    party character varying(200) NOT NULL,
    communication text NOT NULL,
    at timestamp with time zone NOT NULL,
    verdict character varying(40) NOT NULL,
    aspects character varying(40)[] NOT NULL,
    kind text NOT NULL,
    silence character varying(40) NOT NULL,
    channels_before text NOT NULL,
    channels_after text NOT NULL,
    lines_changed integer NOT NULL,
    amount_before text NOT NULL,
    amount_after text NOT NULL,
    pages_before integer,
    pages_after integer,
    cost_before numeric(14,6),
    cost_after numeric(14,6),
    points text NOT NULL,
    score double precision NOT NULL,
    replay_id character varying(200) NOT NULL
);

ALTER TABLE public.replay_case ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.replay_case_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.review_asked (
    release character varying(200) NOT NULL,
    mark text NOT NULL
);

CREATE TABLE public.rule_set (
    version character varying(64) NOT NULL,
    body text NOT NULL,
    in_force_from timestamp with time zone NOT NULL
);

CREATE TABLE public.switch (
    name character varying(40) NOT NULL,
    paused_by text NOT NULL,
    paused_at timestamp with time zone NOT NULL,
    reason text NOT NULL
);

CREATE TABLE public.taggit_tag (
    id integer NOT NULL,
    name character varying(100) NOT NULL,
    slug character varying(100) NOT NULL
);

ALTER TABLE public.taggit_tag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.taggit_tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.taggit_taggeditem (
    id integer NOT NULL,
    object_id integer NOT NULL,
    content_type_id integer NOT NULL,
    tag_id integer NOT NULL
);

ALTER TABLE public.taggit_taggeditem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.taggit_taggeditem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.template_version (
    digest character varying(64) NOT NULL,
    language character varying(35) NOT NULL,
    state character varying(40) NOT NULL,
    content text NOT NULL,
    author text NOT NULL,
    editors text NOT NULL,
    sign_offs text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    approval text NOT NULL,
    effective_from timestamp with time zone,
    effective_to timestamp with time zone,
    communication_id text NOT NULL
);

CREATE TABLE public.trace_context (
    id bigint NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    context character varying(55) NOT NULL,
    ref character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.trace_context ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.trace_context_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailadmin_admin (
    id integer NOT NULL
);

ALTER TABLE public.wagtailadmin_admin ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailadmin_admin_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailadmin_editingsession (
    id integer NOT NULL,
    object_id character varying(255) NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    content_type_id integer NOT NULL,
    user_id integer NOT NULL,
    is_editing boolean NOT NULL
);

ALTER TABLE public.wagtailadmin_editingsession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailadmin_editingsession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailadmin_formstate (
    id integer NOT NULL,
    data text NOT NULL,
    object_id character varying(255) NOT NULL,
    parent_object_id character varying(255) NOT NULL,
    last_updated_at timestamp with time zone NOT NULL,
    content_type_id integer NOT NULL,
    user_id integer NOT NULL
);

ALTER TABLE public.wagtailadmin_formstate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailadmin_formstate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_apitoken (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    key_hash character varying(64) NOT NULL,
    prefix character varying(16) NOT NULL,
    created timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    user_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_apitoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_apitoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_collection (
    id integer NOT NULL,
    path character varying(255) NOT NULL COLLATE pg_catalog."C",
    depth integer NOT NULL,
    numchild integer NOT NULL,
    name character varying(255) NOT NULL,
    CONSTRAINT wagtailcore_collection_depth_check CHECK ((depth >= 0)),
    CONSTRAINT wagtailcore_collection_numchild_check CHECK ((numchild >= 0))
);

ALTER TABLE public.wagtailcore_collection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_collection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_collectionviewrestriction (
    id integer NOT NULL,
    restriction_type character varying(20) NOT NULL,
    password character varying(255) NOT NULL,
    collection_id integer NOT NULL
);

CREATE TABLE public.wagtailcore_collectionviewrestriction_groups (
    id bigint NOT NULL,
    collectionviewrestriction_id integer CONSTRAINT wagtailcore_collectionviewr_collectionviewrestriction__not_null NOT NULL,
    group_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_collectionviewrestriction_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_collectionviewrestriction_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.wagtailcore_collectionviewrestriction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_collectionviewrestriction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_comment (
    id integer NOT NULL,
    text text NOT NULL,
    contentpath text NOT NULL,
    "position" text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    page_id integer NOT NULL,
    resolved_by_id integer,
    revision_created_id integer,
    user_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_comment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_comment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_commentreply (
    id integer NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    comment_id integer NOT NULL,
    user_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_commentreply ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_commentreply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_groupapprovaltask (
    task_ptr_id integer NOT NULL
);

CREATE TABLE public.wagtailcore_groupapprovaltask_groups (
    id bigint NOT NULL,
    groupapprovaltask_id integer CONSTRAINT wagtailcore_groupapprovaltask_gro_groupapprovaltask_id_not_null NOT NULL,
    group_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_groupapprovaltask_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_groupapprovaltask_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_groupcollectionpermission (
    id integer NOT NULL,
    collection_id integer NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_groupcollectionpermission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_groupcollectionpermission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_grouppagepermission (
    id integer NOT NULL,
    group_id integer NOT NULL,
    page_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_grouppagepermission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_grouppagepermission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_groupsitepermission (
    id integer NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL,
    site_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_groupsitepermission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_groupsitepermission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_locale (
    id integer NOT NULL,
    language_code character varying(100) NOT NULL
);

ALTER TABLE public.wagtailcore_locale ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_locale_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_modellogentry (
    id integer NOT NULL,
    label text NOT NULL,
    action character varying(255) NOT NULL,
    data jsonb CONSTRAINT wagtailcore_modellogentry_data_json_not_null NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    content_changed boolean NOT NULL,
    deleted boolean NOT NULL,
    object_id character varying(255) NOT NULL,
    content_type_id integer,
    user_id integer,
    uuid uuid,
    revision_id integer
);

ALTER TABLE public.wagtailcore_modellogentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_modellogentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_page (
    id integer NOT NULL,
    path character varying(255) NOT NULL COLLATE pg_catalog."C",
    depth integer NOT NULL,
    numchild integer NOT NULL,
    title character varying(255) NOT NULL,
    slug character varying(255) NOT NULL,
    live boolean NOT NULL,
    has_unpublished_changes boolean NOT NULL,
    url_path text NOT NULL,
    seo_title character varying(255) NOT NULL,
    show_in_menus boolean NOT NULL,
    search_description text NOT NULL,
    go_live_at timestamp with time zone,
    expire_at timestamp with time zone,
    expired boolean NOT NULL,
    content_type_id integer NOT NULL,
    owner_id integer,
    locked boolean NOT NULL,
    latest_revision_created_at timestamp with time zone,
    first_published_at timestamp with time zone,
    live_revision_id integer,
    last_published_at timestamp with time zone,
    draft_title character varying(255) NOT NULL,
    locked_at timestamp with time zone,
    locked_by_id integer,
    translation_key uuid NOT NULL,
    locale_id integer NOT NULL,
    alias_of_id integer,
    latest_revision_id integer,
    CONSTRAINT wagtailcore_page_depth_check CHECK ((depth >= 0)),
    CONSTRAINT wagtailcore_page_numchild_check CHECK ((numchild >= 0))
);

ALTER TABLE public.wagtailcore_page ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_page_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_pagelogentry (
    id integer NOT NULL,
    label text NOT NULL,
    action character varying(255) NOT NULL,
    data jsonb CONSTRAINT wagtailcore_pagelogentry_data_json_not_null NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    content_changed boolean NOT NULL,
    deleted boolean NOT NULL,
    content_type_id integer,
    page_id integer NOT NULL,
    revision_id integer,
    user_id integer,
    uuid uuid
);

ALTER TABLE public.wagtailcore_pagelogentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_pagelogentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_revision (
    id integer CONSTRAINT wagtailcore_pagerevision_id_not_null NOT NULL,
    created_at timestamp with time zone CONSTRAINT wagtailcore_pagerevision_created_at_not_null NOT NULL,
    content jsonb CONSTRAINT wagtailcore_pagerevision_content_json_not_null NOT NULL,
    approved_go_live_at timestamp with time zone,
    object_id character varying(255) CONSTRAINT wagtailcore_pagerevision_page_id_not_null NOT NULL,
    user_id integer,
    content_type_id integer NOT NULL,
    base_content_type_id integer NOT NULL,
    object_str text NOT NULL
);

ALTER TABLE public.wagtailcore_revision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_pagerevision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_pagesubscription (
    id integer NOT NULL,
    comment_notifications boolean NOT NULL,
    page_id integer NOT NULL,
    user_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_pagesubscription ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_pagesubscription_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_pageviewrestriction (
    id integer NOT NULL,
    password character varying(255) NOT NULL,
    page_id integer NOT NULL,
    restriction_type character varying(20) NOT NULL
);

CREATE TABLE public.wagtailcore_pageviewrestriction_groups (
    id bigint NOT NULL,
    pageviewrestriction_id integer CONSTRAINT wagtailcore_pageviewrestriction_pageviewrestriction_id_not_null NOT NULL,
    group_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_pageviewrestriction_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_pageviewrestriction_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.wagtailcore_pageviewrestriction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_pageviewrestriction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_referenceindex (
    id integer NOT NULL,
    object_id character varying(255) NOT NULL,
    to_object_id character varying(255) NOT NULL,
    model_path text NOT NULL,
    content_path text NOT NULL,
    content_path_hash uuid NOT NULL,
    base_content_type_id integer NOT NULL,
    content_type_id integer NOT NULL,
    to_content_type_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_referenceindex ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_referenceindex_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_site (
    id integer NOT NULL,
    hostname character varying(255) NOT NULL,
    port integer NOT NULL,
    is_default_site boolean NOT NULL,
    root_page_id integer NOT NULL,
    site_name character varying(255) NOT NULL
);

ALTER TABLE public.wagtailcore_site ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_site_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_task (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    active boolean NOT NULL,
    content_type_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_task ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_taskstate (
    id integer NOT NULL,
    status character varying(50) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    content_type_id integer NOT NULL,
    revision_id integer CONSTRAINT wagtailcore_taskstate_page_revision_id_not_null NOT NULL,
    task_id integer NOT NULL,
    workflow_state_id integer NOT NULL,
    finished_by_id integer,
    comment text NOT NULL
);

ALTER TABLE public.wagtailcore_taskstate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_taskstate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_uploadedfile (
    id integer NOT NULL,
    file character varying(200) NOT NULL,
    for_content_type_id integer,
    uploaded_by_user_id integer
);

ALTER TABLE public.wagtailcore_uploadedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_uploadedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_workflow (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    active boolean NOT NULL
);

ALTER TABLE public.wagtailcore_workflow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_workflow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_workflowcontenttype (
    content_type_id integer NOT NULL,
    workflow_id integer NOT NULL
);

CREATE TABLE public.wagtailcore_workflowpage (
    page_id integer NOT NULL,
    workflow_id integer NOT NULL
);

CREATE TABLE public.wagtailcore_workflowstate (
    id integer NOT NULL,
    status character varying(50) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    current_task_state_id integer,
    object_id character varying(255) CONSTRAINT wagtailcore_workflowstate_page_id_not_null NOT NULL,
    requested_by_id integer,
    workflow_id integer NOT NULL,
    content_type_id integer NOT NULL,
    base_content_type_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_workflowstate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_workflowstate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailcore_workflowtask (
    id integer NOT NULL,
    sort_order integer,
    task_id integer NOT NULL,
    workflow_id integer NOT NULL
);

ALTER TABLE public.wagtailcore_workflowtask ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailcore_workflowtask_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtaildocs_document (
    id integer NOT NULL,
    title character varying(255) NOT NULL,
    file character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    uploaded_by_user_id integer,
    collection_id integer NOT NULL,
    file_size bigint,
    file_hash character varying(40) NOT NULL,
    CONSTRAINT wagtaildocs_document_file_size_check CHECK ((file_size >= 0))
);

ALTER TABLE public.wagtaildocs_document ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtaildocs_document_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailimages_image (
    id integer NOT NULL,
    title character varying(255) NOT NULL,
    file character varying(100) NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    focal_point_x integer,
    focal_point_y integer,
    focal_point_width integer,
    focal_point_height integer,
    uploaded_by_user_id integer,
    file_size integer,
    collection_id integer NOT NULL,
    file_hash character varying(40) NOT NULL,
    description character varying(255) NOT NULL,
    CONSTRAINT wagtailimages_image_file_size_check CHECK ((file_size >= 0)),
    CONSTRAINT wagtailimages_image_focal_point_height_check CHECK ((focal_point_height >= 0)),
    CONSTRAINT wagtailimages_image_focal_point_width_check CHECK ((focal_point_width >= 0)),
    CONSTRAINT wagtailimages_image_focal_point_x_check CHECK ((focal_point_x >= 0)),
    CONSTRAINT wagtailimages_image_focal_point_y_check CHECK ((focal_point_y >= 0))
);

ALTER TABLE public.wagtailimages_image ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailimages_image_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailimages_rendition (
    id integer NOT NULL,
    file character varying(100) NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    focal_point_key character varying(16) NOT NULL,
    filter_spec character varying(255) NOT NULL,
    image_id integer NOT NULL
);

ALTER TABLE public.wagtailimages_rendition ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailimages_rendition_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailsearch_indexentry (
    id integer NOT NULL,
    object_id character varying(50) NOT NULL,
    title_norm double precision NOT NULL,
    content_type_id integer NOT NULL,
    autocomplete tsvector NOT NULL,
    title tsvector NOT NULL,
    body tsvector NOT NULL,
    title_text text NOT NULL,
    body_text text NOT NULL
);

ALTER TABLE public.wagtailsearch_indexentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailsearch_indexentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.wagtailusers_userprofile (
    id integer NOT NULL,
    submitted_notifications boolean NOT NULL,
    approved_notifications boolean NOT NULL,
    rejected_notifications boolean NOT NULL,
    user_id integer NOT NULL,
    preferred_language character varying(10) NOT NULL,
    current_time_zone character varying(40) NOT NULL,
    avatar character varying(100) NOT NULL,
    updated_comments_notifications boolean CONSTRAINT wagtailusers_userprofile_updated_comments_notification_not_null NOT NULL,
    dismissibles jsonb NOT NULL,
    theme character varying(40) NOT NULL,
    density character varying(40) NOT NULL,
    contrast character varying(40) NOT NULL,
    keyboard_shortcuts boolean NOT NULL
);

ALTER TABLE public.wagtailusers_userprofile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.wagtailusers_userprofile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.writing (
    decision character varying(200) NOT NULL,
    version integer NOT NULL,
    regions text NOT NULL,
    held_by text NOT NULL,
    held_until timestamp with time zone,
    released_by text NOT NULL,
    released_at timestamp with time zone
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

INSERT INTO public.auth_group VALUES
	(1, 'Moderators'),
	(2, 'Editors');

INSERT INTO public.auth_group_permissions VALUES
	(1, 1, 109),
	(2, 2, 109),
	(3, 1, 112),
	(4, 1, 110),
	(5, 1, 111),
	(6, 2, 112),
	(7, 2, 110),
	(8, 2, 111),
	(9, 1, 113),
	(10, 2, 113),
	(11, 1, 114),
	(12, 1, 115),
	(13, 1, 116),
	(14, 2, 114),
	(15, 2, 115),
	(16, 2, 116),
	(17, 1, 117),
	(18, 2, 117);

INSERT INTO public.auth_permission VALUES
	(1, 'Can add locale', 3, 'add_locale'),
	(2, 'Can change locale', 3, 'change_locale'),
	(3, 'Can delete locale', 3, 'delete_locale'),
	(4, 'Can view locale', 3, 'view_locale'),
	(5, 'Can add site', 4, 'add_site'),
	(6, 'Can change site', 4, 'change_site'),
	(7, 'Can delete site', 4, 'delete_site'),
	(8, 'Can view site', 4, 'view_site'),
	(9, 'Can add group site permission', 5, 'add_groupsitepermission'),
	(10, 'Can change group site permission', 5, 'change_groupsitepermission'),
	(11, 'Can delete group site permission', 5, 'delete_groupsitepermission'),
	(12, 'Can view group site permission', 5, 'view_groupsitepermission'),
	(13, 'Can add API token', 6, 'add_apitoken'),
	(14, 'Can change API token', 6, 'change_apitoken'),
	(15, 'Can delete API token', 6, 'delete_apitoken'),
	(16, 'Can view API token', 6, 'view_apitoken'),
	(17, 'Can add model log entry', 7, 'add_modellogentry'),
	(18, 'Can change model log entry', 7, 'change_modellogentry'),
	(19, 'Can delete model log entry', 7, 'delete_modellogentry'),
	(20, 'Can view model log entry', 7, 'view_modellogentry'),
	(21, 'Can add revision', 8, 'add_revision'),
	(22, 'Can change revision', 8, 'change_revision'),
	(23, 'Can delete revision', 8, 'delete_revision'),
	(24, 'Can view revision', 8, 'view_revision'),
	(25, 'Can add collection view restriction', 9, 'add_collectionviewrestriction'),
	(26, 'Can change collection view restriction', 9, 'change_collectionviewrestriction'),
	(27, 'Can delete collection view restriction', 9, 'delete_collectionviewrestriction'),
	(28, 'Can view collection view restriction', 9, 'view_collectionviewrestriction'),
	(29, 'Can add collection', 10, 'add_collection'),
	(30, 'Can change collection', 10, 'change_collection'),
	(31, 'Can delete collection', 10, 'delete_collection'),
	(32, 'Can view collection', 10, 'view_collection'),
	(33, 'Can add group collection permission', 11, 'add_groupcollectionpermission'),
	(34, 'Can change group collection permission', 11, 'change_groupcollectionpermission'),
	(35, 'Can delete group collection permission', 11, 'delete_groupcollectionpermission'),
	(36, 'Can view group collection permission', 11, 'view_groupcollectionpermission'),
	(37, 'Can add uploaded file', 12, 'add_uploadedfile'),
	(38, 'Can change uploaded file', 12, 'change_uploadedfile'),
	(39, 'Can delete uploaded file', 12, 'delete_uploadedfile'),
	(40, 'Can view uploaded file', 12, 'view_uploadedfile'),
	(41, 'Can add workflow content type', 13, 'add_workflowcontenttype'),
	(42, 'Can change workflow content type', 13, 'change_workflowcontenttype'),
	(43, 'Can delete workflow content type', 13, 'delete_workflowcontenttype'),
	(44, 'Can view workflow content type', 13, 'view_workflowcontenttype'),
	(45, 'Can add Workflow state', 14, 'add_workflowstate'),
	(46, 'Can change Workflow state', 14, 'change_workflowstate'),
	(47, 'Can delete Workflow state', 14, 'delete_workflowstate'),
	(48, 'Can view Workflow state', 14, 'view_workflowstate'),
	(49, 'Can add workflow', 15, 'add_workflow'),
	(50, 'Can change workflow', 15, 'change_workflow'),
	(51, 'Can delete workflow', 15, 'delete_workflow'),
	(52, 'Can view workflow', 15, 'view_workflow'),
	(53, 'Can add workflow task order', 16, 'add_workflowtask'),
	(54, 'Can change workflow task order', 16, 'change_workflowtask'),
	(55, 'Can delete workflow task order', 16, 'delete_workflowtask'),
	(56, 'Can view workflow task order', 16, 'view_workflowtask'),
	(57, 'Can add task', 17, 'add_task'),
	(58, 'Can change task', 17, 'change_task'),
	(59, 'Can delete task', 17, 'delete_task'),
	(60, 'Can view task', 17, 'view_task'),
	(61, 'Can add Group approval task', 2, 'add_groupapprovaltask'),
	(62, 'Can change Group approval task', 2, 'change_groupapprovaltask'),
	(63, 'Can delete Group approval task', 2, 'delete_groupapprovaltask'),
	(64, 'Can view Group approval task', 2, 'view_groupapprovaltask'),
	(65, 'Can add Task state', 18, 'add_taskstate'),
	(66, 'Can change Task state', 18, 'change_taskstate'),
	(67, 'Can delete Task state', 18, 'delete_taskstate'),
	(68, 'Can view Task state', 18, 'view_taskstate'),
	(69, 'Can add page', 1, 'add_page'),
	(70, 'Can change page', 1, 'change_page'),
	(71, 'Can delete page', 1, 'delete_page'),
	(72, 'Can view page', 1, 'view_page'),
	(73, 'Delete pages with children', 1, 'bulk_delete_page'),
	(74, 'Lock/unlock pages you''ve locked', 1, 'lock_page'),
	(75, 'Publish any page', 1, 'publish_page'),
	(76, 'Unlock any page', 1, 'unlock_page'),
	(77, 'Can add group page permission', 19, 'add_grouppagepermission'),
	(78, 'Can change group page permission', 19, 'change_grouppagepermission'),
	(79, 'Can delete group page permission', 19, 'delete_grouppagepermission'),
	(80, 'Can view group page permission', 19, 'view_grouppagepermission'),
	(81, 'Can add page view restriction', 20, 'add_pageviewrestriction'),
	(82, 'Can change page view restriction', 20, 'change_pageviewrestriction'),
	(83, 'Can delete page view restriction', 20, 'delete_pageviewrestriction'),
	(84, 'Can view page view restriction', 20, 'view_pageviewrestriction'),
	(85, 'Can add workflow page', 21, 'add_workflowpage'),
	(86, 'Can change workflow page', 21, 'change_workflowpage'),
	(87, 'Can delete workflow page', 21, 'delete_workflowpage'),
	(88, 'Can view workflow page', 21, 'view_workflowpage'),
	(89, 'Can add page log entry', 22, 'add_pagelogentry'),
	(90, 'Can change page log entry', 22, 'change_pagelogentry'),
	(91, 'Can delete page log entry', 22, 'delete_pagelogentry'),
	(92, 'Can view page log entry', 22, 'view_pagelogentry'),
	(93, 'Can add comment', 23, 'add_comment'),
	(94, 'Can change comment', 23, 'change_comment'),
	(95, 'Can delete comment', 23, 'delete_comment'),
	(96, 'Can view comment', 23, 'view_comment'),
	(97, 'Can add comment reply', 24, 'add_commentreply'),
	(98, 'Can change comment reply', 24, 'change_commentreply'),
	(99, 'Can delete comment reply', 24, 'delete_commentreply'),
	(100, 'Can view comment reply', 24, 'view_commentreply'),
	(101, 'Can add page subscription', 25, 'add_pagesubscription'),
	(102, 'Can change page subscription', 25, 'change_pagesubscription'),
	(103, 'Can delete page subscription', 25, 'delete_pagesubscription'),
	(104, 'Can view page subscription', 25, 'view_pagesubscription'),
	(105, 'Can add reference index', 26, 'add_referenceindex'),
	(106, 'Can change reference index', 26, 'change_referenceindex'),
	(107, 'Can delete reference index', 26, 'delete_referenceindex'),
	(108, 'Can view reference index', 26, 'view_referenceindex'),
	(109, 'Can access Wagtail admin', 27, 'access_admin'),
	(110, 'Can add document', 28, 'add_document'),
	(111, 'Can change document', 28, 'change_document'),
	(112, 'Can delete document', 28, 'delete_document'),
	(113, 'Can choose document', 28, 'choose_document'),
	(114, 'Can add image', 29, 'add_image'),
	(115, 'Can change image', 29, 'change_image'),
	(116, 'Can delete image', 29, 'delete_image'),
	(117, 'Can choose image', 29, 'choose_image');

INSERT INTO public.django_content_type VALUES
	(1, 'wagtailcore', 'page'),
	(2, 'wagtailcore', 'groupapprovaltask'),
	(3, 'wagtailcore', 'locale'),
	(4, 'wagtailcore', 'site'),
	(5, 'wagtailcore', 'groupsitepermission'),
	(6, 'wagtailcore', 'apitoken'),
	(7, 'wagtailcore', 'modellogentry'),
	(8, 'wagtailcore', 'revision'),
	(9, 'wagtailcore', 'collectionviewrestriction'),
	(10, 'wagtailcore', 'collection'),
	(11, 'wagtailcore', 'groupcollectionpermission'),
	(12, 'wagtailcore', 'uploadedfile'),
	(13, 'wagtailcore', 'workflowcontenttype'),
	(14, 'wagtailcore', 'workflowstate'),
	(15, 'wagtailcore', 'workflow'),
	(16, 'wagtailcore', 'workflowtask'),
	(17, 'wagtailcore', 'task'),
	(18, 'wagtailcore', 'taskstate'),
	(19, 'wagtailcore', 'grouppagepermission'),
	(20, 'wagtailcore', 'pageviewrestriction'),
	(21, 'wagtailcore', 'workflowpage'),
	(22, 'wagtailcore', 'pagelogentry'),
	(23, 'wagtailcore', 'comment'),
	(24, 'wagtailcore', 'commentreply'),
	(25, 'wagtailcore', 'pagesubscription'),
	(26, 'wagtailcore', 'referenceindex'),
	(27, 'wagtailadmin', 'admin'),
	(28, 'wagtaildocs', 'document'),
	(29, 'wagtailimages', 'image');

INSERT INTO public.django_migrations VALUES
	(1, 'contenttypes', '0001_initial', '2000-01-01 00:00:00+00'),
	(2, 'auth', '0001_initial', '2000-01-01 00:00:00+00'),
	(3, 'account', '0001_initial', '2000-01-01 00:00:00+00'),
	(4, 'account', '0002_email_max_length', '2000-01-01 00:00:00+00'),
	(5, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2000-01-01 00:00:00+00'),
	(6, 'account', '0004_alter_emailaddress_drop_unique_email', '2000-01-01 00:00:00+00'),
	(7, 'account', '0005_emailaddress_idx_upper_email', '2000-01-01 00:00:00+00'),
	(8, 'account', '0006_emailaddress_lower', '2000-01-01 00:00:00+00'),
	(9, 'account', '0007_emailaddress_idx_email', '2000-01-01 00:00:00+00'),
	(10, 'account', '0008_emailaddress_unique_primary_email_fixup', '2000-01-01 00:00:00+00'),
	(11, 'account', '0009_emailaddress_unique_primary_email', '2000-01-01 00:00:00+00'),
	(12, 'contenttypes', '0002_remove_content_type_name', '2000-01-01 00:00:00+00'),
	(13, 'auth', '0002_alter_permission_name_max_length', '2000-01-01 00:00:00+00'),
	(14, 'auth', '0003_alter_user_email_max_length', '2000-01-01 00:00:00+00'),
	(15, 'auth', '0004_alter_user_username_opts', '2000-01-01 00:00:00+00'),
	(16, 'auth', '0005_alter_user_last_login_null', '2000-01-01 00:00:00+00'),
	(17, 'auth', '0006_require_contenttypes_0002', '2000-01-01 00:00:00+00'),
	(18, 'auth', '0007_alter_validators_add_error_messages', '2000-01-01 00:00:00+00'),
	(19, 'auth', '0008_alter_user_username_max_length', '2000-01-01 00:00:00+00'),
	(20, 'auth', '0009_alter_user_last_name_max_length', '2000-01-01 00:00:00+00'),
	(21, 'auth', '0010_alter_group_name_max_length', '2000-01-01 00:00:00+00'),
	(22, 'auth', '0011_update_proxy_permissions', '2000-01-01 00:00:00+00'),
	(23, 'auth', '0012_alter_user_first_name_max_length', '2000-01-01 00:00:00+00'),
	(24, 'wagtailcore', '0001_initial', '2000-01-01 00:00:00+00'),
	(25, 'wagtailcore', '0002_initial_data', '2000-01-01 00:00:00+00'),
	(26, 'wagtailcore', '0003_add_uniqueness_constraint_on_group_page_permission', '2000-01-01 00:00:00+00'),
	(27, 'wagtailcore', '0004_page_locked', '2000-01-01 00:00:00+00'),
	(28, 'wagtailcore', '0005_add_page_lock_permission_to_moderators', '2000-01-01 00:00:00+00'),
	(29, 'wagtailcore', '0006_add_lock_page_permission', '2000-01-01 00:00:00+00'),
	(30, 'wagtailcore', '0007_page_latest_revision_created_at', '2000-01-01 00:00:00+00'),
	(31, 'wagtailcore', '0008_populate_latest_revision_created_at', '2000-01-01 00:00:00+00'),
	(32, 'wagtailcore', '0009_remove_auto_now_add_from_pagerevision_created_at', '2000-01-01 00:00:00+00'),
	(33, 'wagtailcore', '0010_change_page_owner_to_null_on_delete', '2000-01-01 00:00:00+00'),
	(34, 'wagtailcore', '0011_page_first_published_at', '2000-01-01 00:00:00+00'),
	(35, 'wagtailcore', '0012_extend_page_slug_field', '2000-01-01 00:00:00+00'),
	(36, 'wagtailcore', '0013_update_golive_expire_help_text', '2000-01-01 00:00:00+00'),
	(37, 'wagtailcore', '0014_add_verbose_name', '2000-01-01 00:00:00+00'),
	(38, 'wagtailcore', '0015_add_more_verbose_names', '2000-01-01 00:00:00+00'),
	(39, 'wagtailcore', '0016_change_page_url_path_to_text_field', '2000-01-01 00:00:00+00'),
	(40, 'wagtailcore', '0017_change_edit_page_permission_description', '2000-01-01 00:00:00+00'),
	(41, 'wagtailcore', '0018_pagerevision_submitted_for_moderation_index', '2000-01-01 00:00:00+00'),
	(42, 'wagtailcore', '0019_verbose_names_cleanup', '2000-01-01 00:00:00+00'),
	(43, 'wagtailcore', '0020_add_index_on_page_first_published_at', '2000-01-01 00:00:00+00'),
	(44, 'wagtailcore', '0021_capitalizeverbose', '2000-01-01 00:00:00+00'),
	(45, 'wagtailcore', '0022_add_site_name', '2000-01-01 00:00:00+00'),
	(46, 'wagtailcore', '0023_alter_page_revision_on_delete_behaviour', '2000-01-01 00:00:00+00'),
	(47, 'wagtailcore', '0024_collection', '2000-01-01 00:00:00+00'),
	(48, 'wagtailcore', '0025_collection_initial_data', '2000-01-01 00:00:00+00'),
	(49, 'wagtailcore', '0026_group_collection_permission', '2000-01-01 00:00:00+00'),
	(50, 'wagtailcore', '0027_fix_collection_path_collation', '2000-01-01 00:00:00+00'),
	(51, 'wagtailcore', '0024_alter_page_content_type_on_delete_behaviour', '2000-01-01 00:00:00+00'),
	(52, 'wagtailcore', '0028_merge', '2000-01-01 00:00:00+00'),
	(53, 'wagtailcore', '0029_unicode_slugfield_dj19', '2000-01-01 00:00:00+00'),
	(54, 'wagtailcore', '0030_index_on_pagerevision_created_at', '2000-01-01 00:00:00+00'),
	(55, 'wagtailcore', '0031_add_page_view_restriction_types', '2000-01-01 00:00:00+00'),
	(56, 'wagtailcore', '0032_add_bulk_delete_page_permission', '2000-01-01 00:00:00+00'),
	(57, 'wagtailcore', '0033_remove_golive_expiry_help_text', '2000-01-01 00:00:00+00'),
	(58, 'wagtailcore', '0034_page_live_revision', '2000-01-01 00:00:00+00'),
	(59, 'wagtailcore', '0035_page_last_published_at', '2000-01-01 00:00:00+00'),
	(60, 'wagtailcore', '0036_populate_page_last_published_at', '2000-01-01 00:00:00+00'),
	(61, 'wagtailcore', '0037_set_page_owner_editable', '2000-01-01 00:00:00+00'),
	(62, 'wagtailcore', '0038_make_first_published_at_editable', '2000-01-01 00:00:00+00'),
	(63, 'wagtailcore', '0039_collectionviewrestriction', '2000-01-01 00:00:00+00'),
	(64, 'wagtailcore', '0040_page_draft_title', '2000-01-01 00:00:00+00'),
	(65, 'wagtailcore', '0041_group_collection_permissions_verbose_name_plural', '2000-01-01 00:00:00+00'),
	(66, 'wagtailcore', '0042_index_on_pagerevision_approved_go_live_at', '2000-01-01 00:00:00+00'),
	(67, 'wagtailcore', '0043_lock_fields', '2000-01-01 00:00:00+00'),
	(68, 'wagtailcore', '0044_add_unlock_grouppagepermission', '2000-01-01 00:00:00+00'),
	(69, 'wagtailcore', '0045_assign_unlock_grouppagepermission', '2000-01-01 00:00:00+00'),
	(70, 'wagtailcore', '0046_site_name_remove_null', '2000-01-01 00:00:00+00'),
	(71, 'wagtailcore', '0047_add_workflow_models', '2000-01-01 00:00:00+00'),
	(72, 'wagtailcore', '0048_add_default_workflows', '2000-01-01 00:00:00+00'),
	(73, 'wagtailcore', '0049_taskstate_finished_by', '2000-01-01 00:00:00+00'),
	(74, 'wagtailcore', '0050_workflow_rejected_to_needs_changes', '2000-01-01 00:00:00+00'),
	(75, 'wagtailcore', '0051_taskstate_comment', '2000-01-01 00:00:00+00'),
	(76, 'wagtailcore', '0052_pagelogentry', '2000-01-01 00:00:00+00'),
	(77, 'wagtailcore', '0053_locale_model', '2000-01-01 00:00:00+00'),
	(78, 'wagtailcore', '0054_initial_locale', '2000-01-01 00:00:00+00'),
	(79, 'wagtailcore', '0055_page_locale_fields', '2000-01-01 00:00:00+00'),
	(80, 'wagtailcore', '0056_page_locale_fields_populate', '2000-01-01 00:00:00+00'),
	(81, 'wagtailcore', '0057_page_locale_fields_notnull', '2000-01-01 00:00:00+00'),
	(82, 'wagtailcore', '0058_page_alias_of', '2000-01-01 00:00:00+00'),
	(83, 'wagtailcore', '0059_apply_collection_ordering', '2000-01-01 00:00:00+00'),
	(84, 'wagtailcore', '0060_fix_workflow_unique_constraint', '2000-01-01 00:00:00+00'),
	(85, 'wagtailcore', '0061_change_promote_tab_helpt_text_and_verbose_names', '2000-01-01 00:00:00+00'),
	(86, 'wagtailcore', '0062_comment_models_and_pagesubscription', '2000-01-01 00:00:00+00'),
	(87, 'wagtailcore', '0063_modellogentry', '2000-01-01 00:00:00+00'),
	(88, 'wagtailcore', '0064_log_timestamp_indexes', '2000-01-01 00:00:00+00'),
	(89, 'wagtailcore', '0065_log_entry_uuid', '2000-01-01 00:00:00+00'),
	(90, 'wagtailcore', '0066_collection_management_permissions', '2000-01-01 00:00:00+00'),
	(91, 'wagtailcore', '0067_alter_pagerevision_content_json', '2000-01-01 00:00:00+00'),
	(92, 'wagtailcore', '0068_log_entry_empty_object', '2000-01-01 00:00:00+00'),
	(93, 'wagtailcore', '0069_log_entry_jsonfield', '2000-01-01 00:00:00+00'),
	(94, 'wagtailcore', '0070_rename_pagerevision_revision', '2000-01-01 00:00:00+00'),
	(95, 'wagtailcore', '0071_populate_revision_content_type', '2000-01-01 00:00:00+00'),
	(96, 'wagtailcore', '0072_alter_revision_content_type_notnull', '2000-01-01 00:00:00+00'),
	(97, 'wagtailcore', '0073_page_latest_revision', '2000-01-01 00:00:00+00'),
	(98, 'wagtailcore', '0074_revision_object_str', '2000-01-01 00:00:00+00'),
	(99, 'wagtailcore', '0075_populate_latest_revision_and_revision_object_str', '2000-01-01 00:00:00+00'),
	(100, 'wagtailcore', '0076_modellogentry_revision', '2000-01-01 00:00:00+00'),
	(101, 'wagtailcore', '0077_alter_revision_user', '2000-01-01 00:00:00+00'),
	(102, 'wagtailcore', '0078_referenceindex', '2000-01-01 00:00:00+00'),
	(103, 'wagtailcore', '0079_rename_taskstate_page_revision', '2000-01-01 00:00:00+00'),
	(104, 'wagtailcore', '0080_generic_workflowstate', '2000-01-01 00:00:00+00'),
	(105, 'wagtailcore', '0081_populate_workflowstate_content_type', '2000-01-01 00:00:00+00'),
	(106, 'wagtailcore', '0082_alter_workflowstate_content_type_notnull', '2000-01-01 00:00:00+00'),
	(107, 'wagtailcore', '0083_workflowcontenttype', '2000-01-01 00:00:00+00'),
	(108, 'wagtailcore', '0084_add_default_page_permissions', '2000-01-01 00:00:00+00'),
	(109, 'wagtailcore', '0085_add_grouppagepermission_permission', '2000-01-01 00:00:00+00'),
	(110, 'wagtailcore', '0086_populate_grouppagepermission_permission', '2000-01-01 00:00:00+00'),
	(111, 'wagtailcore', '0087_alter_grouppagepermission_unique_together_and_more', '2000-01-01 00:00:00+00'),
	(112, 'wagtailcore', '0088_fix_log_entry_json_timestamps', '2000-01-01 00:00:00+00'),
	(113, 'wagtailcore', '0089_log_entry_data_json_null_to_object', '2000-01-01 00:00:00+00'),
	(114, 'wagtailcore', '0090_remove_grouppagepermission_permission_type', '2000-01-01 00:00:00+00'),
	(115, 'wagtailcore', '0091_remove_revision_submitted_for_moderation', '2000-01-01 00:00:00+00'),
	(116, 'wagtailcore', '0092_alter_collectionviewrestriction_password_and_more', '2000-01-01 00:00:00+00'),
	(117, 'wagtailcore', '0093_uploadedfile', '2000-01-01 00:00:00+00'),
	(118, 'wagtailcore', '0094_alter_page_locale', '2000-01-01 00:00:00+00'),
	(119, 'wagtailcore', '0095_groupsitepermission', '2000-01-01 00:00:00+00'),
	(120, 'wagtailcore', '0096_referenceindex_referenceindex_source_object_and_more', '2000-01-01 00:00:00+00'),
	(121, 'wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes', '2000-01-01 00:00:00+00'),
	(122, 'wagtailcore', '0098_apitoken', '2000-01-01 00:00:00+00'),
	(123, 'drafts', '0001_drafts', '2000-01-01 00:00:00+00'),
	(124, 'drafts', '0002_first', '2000-01-01 00:00:00+00'),
	(125, 'mfa', '0001_initial', '2000-01-01 00:00:00+00'),
	(126, 'mfa', '0002_authenticator_timestamps', '2000-01-01 00:00:00+00'),
	(127, 'mfa', '0003_authenticator_type_uniq', '2000-01-01 00:00:00+00'),
	(128, 'oauth2_provider', '0001_initial', '2000-01-01 00:00:00+00'),
	(129, 'oauth2_provider', '0002_auto_20190406_1805', '2000-01-01 00:00:00+00'),
	(130, 'oauth2_provider', '0003_auto_20201211_1314', '2000-01-01 00:00:00+00'),
	(131, 'oauth2_provider', '0004_auto_20200902_2022', '2000-01-01 00:00:00+00'),
	(132, 'oauth2_provider', '0005_auto_20211222_2352', '2000-01-01 00:00:00+00'),
	(133, 'oauth2_provider', '0006_alter_application_client_secret', '2000-01-01 00:00:00+00'),
	(134, 'oauth2_provider', '0007_application_post_logout_redirect_uris', '2000-01-01 00:00:00+00'),
	(135, 'oauth2_provider', '0008_alter_accesstoken_token', '2000-01-01 00:00:00+00'),
	(136, 'oauth2_provider', '0009_add_hash_client_secret', '2000-01-01 00:00:00+00'),
	(137, 'oauth2_provider', '0010_application_allowed_origins', '2000-01-01 00:00:00+00'),
	(138, 'oauth2_provider', '0011_refreshtoken_token_family', '2000-01-01 00:00:00+00'),
	(139, 'oauth2_provider', '0012_add_token_checksum', '2000-01-01 00:00:00+00'),
	(140, 'oauth2_provider', '0013_alter_application_authorization_grant_type_device', '2000-01-01 00:00:00+00'),
	(141, 'oauth2_provider', '0014_alter_help_text', '2000-01-01 00:00:00+00'),
	(142, 'oauth2_provider', '0015_refreshtoken_token_checksum', '2000-01-01 00:00:00+00'),
	(143, 'oauth2_provider', '0016_alter_devicegrant_scope', '2000-01-01 00:00:00+00'),
	(144, 'oauth2_provider', '0017_application_dcr_created', '2000-01-01 00:00:00+00'),
	(145, 'oauth2_provider', '0018_resource_indicators', '2000-01-01 00:00:00+00'),
	(146, 'oauth2_provider', '0019_application_registration_source', '2000-01-01 00:00:00+00'),
	(147, 'oauth2_provider', '0020_cimd_application_fields', '2000-01-01 00:00:00+00'),
	(148, 'oauth2_provider', '0021_translatable_field_labels', '2000-01-01 00:00:00+00'),
	(149, 'oauth2_provider', '0022_refreshtoken_token_family_index', '2000-01-01 00:00:00+00'),
	(150, 'procrastinate', '0001_initial', '2000-01-01 00:00:00+00'),
	(151, 'procrastinate', '0002_drop_started_at_column', '2000-01-01 00:00:00+00'),
	(152, 'procrastinate', '0003_drop_started_at_column', '2000-01-01 00:00:00+00'),
	(153, 'procrastinate', '0004_drop_procrastinate_version_table', '2000-01-01 00:00:00+00'),
	(154, 'procrastinate', '0005_fix_procrastinate_fetch_job', '2000-01-01 00:00:00+00'),
	(155, 'procrastinate', '0006_fix_trigger_status_events_insert', '2000-01-01 00:00:00+00'),
	(156, 'procrastinate', '0007_add_queueing_lock_column', '2000-01-01 00:00:00+00'),
	(157, 'procrastinate', '0008_close_fetch_job_race_condition', '2000-01-01 00:00:00+00'),
	(158, 'procrastinate', '0009_add_defer_job_function', '2000-01-01 00:00:00+00'),
	(159, 'procrastinate', '0010_add_procrastinate_periodic_defers', '2000-01-01 00:00:00+00'),
	(160, 'procrastinate', '0011_add_foreign_key_index', '2000-01-01 00:00:00+00'),
	(161, 'procrastinate', '0012_add_locks_to_periodic_defer', '2000-01-01 00:00:00+00'),
	(162, 'procrastinate', '0013_fix_procrastinate_defer_periodic_job', '2000-01-01 00:00:00+00'),
	(163, 'procrastinate', '0014_add_finish_job_and_retry_job_functions', '2000-01-01 00:00:00+00'),
	(164, 'procrastinate', '0015_add_trigger_on_job_deletion', '2000-01-01 00:00:00+00'),
	(165, 'procrastinate', '0016_delete_finished_jobs', '2000-01-01 00:00:00+00'),
	(166, 'procrastinate', '0017_add_checks_to_finish_job', '2000-01-01 00:00:00+00'),
	(167, 'procrastinate', '0018_add_checks_to_retry_job', '2000-01-01 00:00:00+00'),
	(168, 'procrastinate', '0019_fix_finish_job_compat_issue', '2000-01-01 00:00:00+00'),
	(169, 'procrastinate', '0020_add_index_on_procrastinate_jobs', '2000-01-01 00:00:00+00'),
	(170, 'procrastinate', '0021_add_kwargs_to_defer_periodic_job', '2000-01-01 00:00:00+00'),
	(171, 'procrastinate', '0022_null_locks_excluded', '2000-01-01 00:00:00+00'),
	(172, 'procrastinate', '0023_remove_old_finish_job_function', '2000-01-01 00:00:00+00'),
	(173, 'procrastinate', '0024_job_id_bigint', '2000-01-01 00:00:00+00'),
	(174, 'procrastinate', '0025_add_models', '2000-01-01 00:00:00+00'),
	(175, 'procrastinate', '0026_add_job_priority', '2000-01-01 00:00:00+00'),
	(176, 'procrastinate', '0027_add_periodic_job_priority', '2000-01-01 00:00:00+00'),
	(177, 'procrastinate', '0028_add_cancel_states', '2000-01-01 00:00:00+00'),
	(178, 'procrastinate', '0029_add_additional_params_to_retry_job', '2000-01-01 00:00:00+00'),
	(179, 'procrastinate', '0030_alter_procrastinateevent_options', '2000-01-01 00:00:00+00'),
	(180, 'procrastinate', '0031_add_indexes_for_fetch_job', '2000-01-01 00:00:00+00'),
	(181, 'procrastinate', '0032_pre_cancel_notification', '2000-01-01 00:00:00+00'),
	(182, 'procrastinate', '0033_post_cancel_notification', '2000-01-01 00:00:00+00'),
	(183, 'procrastinate', '0034_pre_add_heartbeat', '2000-01-01 00:00:00+00'),
	(184, 'procrastinate', '0035_post_add_heartbeat', '2000-01-01 00:00:00+00'),
	(185, 'procrastinate', '0036_add_worker_model', '2000-01-01 00:00:00+00'),
	(186, 'procrastinate', '0037_pre_batch_defer_jobs', '2000-01-01 00:00:00+00'),
	(187, 'procrastinate', '0038_post_batch_defer_jobs', '2000-01-01 00:00:00+00'),
	(188, 'procrastinate', '0039_pre_priority_lock_fetch_job', '2000-01-01 00:00:00+00'),
	(189, 'procrastinate', '0040_pre_retry_failed_job', '2000-01-01 00:00:00+00'),
	(190, 'procrastinate', '0041_post_retry_failed_job', '2000-01-01 00:00:00+00'),
	(191, 'sessions', '0001_initial', '2000-01-01 00:00:00+00'),
	(192, 'signalpost', '0001_initial', '2000-01-01 00:00:00+00'),
	(193, 'signalpost', '0002_decision_page', '2000-01-01 00:00:00+00'),
	(194, 'signalpost', '0003_console', '2000-01-01 00:00:00+00'),
	(195, 'signalpost', '0004_lease', '2000-01-01 00:00:00+00'),
	(196, 'signalpost', '0005_idempotency_key', '2000-01-01 00:00:00+00'),
	(197, 'signalpost', '0006_traffic', '2000-01-01 00:00:00+00'),
	(198, 'signalpost', '0007_trace_context', '2000-01-01 00:00:00+00'),
	(199, 'signalpost', '0008_listening', '2000-01-01 00:00:00+00'),
	(200, 'signalpost', '0009_lean_rows', '2000-01-01 00:00:00+00'),
	(201, 'signalpost', '0010_library', '2000-01-01 00:00:00+00'),
	(202, 'signalpost', '0011_replay', '2000-01-01 00:00:00+00'),
	(203, 'signalpost', '0012_review_asked', '2000-01-01 00:00:00+00'),
	(204, 'signalpost', '0013_rights', '2000-01-01 00:00:00+00'),
	(205, 'taggit', '0001_initial', '2000-01-01 00:00:00+00'),
	(206, 'taggit', '0002_auto_20150616_2121', '2000-01-01 00:00:00+00'),
	(207, 'taggit', '0003_taggeditem_add_unique_index', '2000-01-01 00:00:00+00'),
	(208, 'taggit', '0004_alter_taggeditem_content_type_alter_taggeditem_tag', '2000-01-01 00:00:00+00'),
	(209, 'taggit', '0005_auto_20220424_2025', '2000-01-01 00:00:00+00'),
	(210, 'taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx', '2000-01-01 00:00:00+00'),
	(211, 'wagtailadmin', '0001_create_admin_access_permissions', '2000-01-01 00:00:00+00'),
	(212, 'wagtailadmin', '0002_admin', '2000-01-01 00:00:00+00'),
	(213, 'wagtailadmin', '0003_admin_managed', '2000-01-01 00:00:00+00'),
	(214, 'wagtailadmin', '0004_editingsession', '2000-01-01 00:00:00+00'),
	(215, 'wagtailadmin', '0005_editingsession_is_editing', '2000-01-01 00:00:00+00'),
	(216, 'wagtailadmin', '0006_formstate', '2000-01-01 00:00:00+00'),
	(217, 'wagtaildocs', '0001_initial', '2000-01-01 00:00:00+00'),
	(218, 'wagtaildocs', '0002_initial_data', '2000-01-01 00:00:00+00'),
	(219, 'wagtaildocs', '0003_add_verbose_names', '2000-01-01 00:00:00+00'),
	(220, 'wagtaildocs', '0004_capitalizeverbose', '2000-01-01 00:00:00+00'),
	(221, 'wagtaildocs', '0005_document_collection', '2000-01-01 00:00:00+00'),
	(222, 'wagtaildocs', '0006_copy_document_permissions_to_collections', '2000-01-01 00:00:00+00'),
	(223, 'wagtaildocs', '0005_alter_uploaded_by_user_on_delete_action', '2000-01-01 00:00:00+00'),
	(224, 'wagtaildocs', '0007_merge', '2000-01-01 00:00:00+00'),
	(225, 'wagtaildocs', '0008_document_file_size', '2000-01-01 00:00:00+00'),
	(226, 'wagtaildocs', '0009_document_verbose_name_plural', '2000-01-01 00:00:00+00'),
	(227, 'wagtaildocs', '0010_document_file_hash', '2000-01-01 00:00:00+00'),
	(228, 'wagtaildocs', '0011_add_choose_permissions', '2000-01-01 00:00:00+00'),
	(229, 'wagtaildocs', '0012_uploadeddocument', '2000-01-01 00:00:00+00'),
	(230, 'wagtaildocs', '0013_delete_uploadeddocument', '2000-01-01 00:00:00+00'),
	(231, 'wagtaildocs', '0014_alter_document_file_size', '2000-01-01 00:00:00+00'),
	(232, 'wagtailimages', '0001_initial', '2000-01-01 00:00:00+00'),
	(233, 'wagtailimages', '0002_initial_data', '2000-01-01 00:00:00+00'),
	(234, 'wagtailimages', '0003_fix_focal_point_fields', '2000-01-01 00:00:00+00'),
	(235, 'wagtailimages', '0004_make_focal_point_key_not_nullable', '2000-01-01 00:00:00+00'),
	(236, 'wagtailimages', '0005_make_filter_spec_unique', '2000-01-01 00:00:00+00'),
	(237, 'wagtailimages', '0006_add_verbose_names', '2000-01-01 00:00:00+00'),
	(238, 'wagtailimages', '0007_image_file_size', '2000-01-01 00:00:00+00'),
	(239, 'wagtailimages', '0008_image_created_at_index', '2000-01-01 00:00:00+00'),
	(240, 'wagtailimages', '0009_capitalizeverbose', '2000-01-01 00:00:00+00'),
	(241, 'wagtailimages', '0010_change_on_delete_behaviour', '2000-01-01 00:00:00+00'),
	(242, 'wagtailimages', '0011_image_collection', '2000-01-01 00:00:00+00'),
	(243, 'wagtailimages', '0012_copy_image_permissions_to_collections', '2000-01-01 00:00:00+00'),
	(244, 'wagtailimages', '0013_make_rendition_upload_callable', '2000-01-01 00:00:00+00'),
	(245, 'wagtailimages', '0014_add_filter_spec_field', '2000-01-01 00:00:00+00'),
	(246, 'wagtailimages', '0015_fill_filter_spec_field', '2000-01-01 00:00:00+00'),
	(247, 'wagtailimages', '0016_deprecate_rendition_filter_relation', '2000-01-01 00:00:00+00'),
	(248, 'wagtailimages', '0017_reduce_focal_point_key_max_length', '2000-01-01 00:00:00+00'),
	(249, 'wagtailimages', '0018_remove_rendition_filter', '2000-01-01 00:00:00+00'),
	(250, 'wagtailimages', '0019_delete_filter', '2000-01-01 00:00:00+00'),
	(251, 'wagtailimages', '0020_add-verbose-name', '2000-01-01 00:00:00+00'),
	(252, 'wagtailimages', '0021_image_file_hash', '2000-01-01 00:00:00+00'),
	(253, 'wagtailimages', '0022_uploadedimage', '2000-01-01 00:00:00+00'),
	(254, 'wagtailimages', '0023_add_choose_permissions', '2000-01-01 00:00:00+00'),
	(255, 'wagtailimages', '0024_index_image_file_hash', '2000-01-01 00:00:00+00'),
	(256, 'wagtailimages', '0025_alter_image_file_alter_rendition_file', '2000-01-01 00:00:00+00'),
	(257, 'wagtailimages', '0026_delete_uploadedimage', '2000-01-01 00:00:00+00'),
	(258, 'wagtailimages', '0027_image_description', '2000-01-01 00:00:00+00'),
	(259, 'wagtailsearch', '0001_initial', '2000-01-01 00:00:00+00'),
	(260, 'wagtailsearch', '0002_add_verbose_names', '2000-01-01 00:00:00+00'),
	(261, 'wagtailsearch', '0003_remove_editors_pick', '2000-01-01 00:00:00+00'),
	(262, 'wagtailsearch', '0004_querydailyhits_verbose_name_plural', '2000-01-01 00:00:00+00'),
	(263, 'wagtailsearch', '0005_create_indexentry', '2000-01-01 00:00:00+00'),
	(264, 'wagtailsearch', '0006_customise_indexentry', '2000-01-01 00:00:00+00'),
	(265, 'wagtailsearch', '0007_delete_editorspick', '2000-01-01 00:00:00+00'),
	(266, 'wagtailsearch', '0008_remove_query_and_querydailyhits_models', '2000-01-01 00:00:00+00'),
	(267, 'wagtailsearch', '0009_remove_ngram_autocomplete', '2000-01-01 00:00:00+00'),
	(268, 'wagtailsearch', '0010_add_text_fields', '2000-01-01 00:00:00+00'),
	(269, 'wagtailusers', '0001_initial', '2000-01-01 00:00:00+00'),
	(270, 'wagtailusers', '0002_add_verbose_name_on_userprofile', '2000-01-01 00:00:00+00'),
	(271, 'wagtailusers', '0003_add_verbose_names', '2000-01-01 00:00:00+00'),
	(272, 'wagtailusers', '0004_capitalizeverbose', '2000-01-01 00:00:00+00'),
	(273, 'wagtailusers', '0005_make_related_name_wagtail_specific', '2000-01-01 00:00:00+00'),
	(274, 'wagtailusers', '0006_userprofile_prefered_language', '2000-01-01 00:00:00+00'),
	(275, 'wagtailusers', '0007_userprofile_current_time_zone', '2000-01-01 00:00:00+00'),
	(276, 'wagtailusers', '0008_userprofile_avatar', '2000-01-01 00:00:00+00'),
	(277, 'wagtailusers', '0009_userprofile_verbose_name_plural', '2000-01-01 00:00:00+00'),
	(278, 'wagtailusers', '0010_userprofile_updated_comments_notifications', '2000-01-01 00:00:00+00'),
	(279, 'wagtailusers', '0011_userprofile_dismissibles', '2000-01-01 00:00:00+00'),
	(280, 'wagtailusers', '0012_userprofile_theme', '2000-01-01 00:00:00+00'),
	(281, 'wagtailusers', '0013_userprofile_density', '2000-01-01 00:00:00+00'),
	(282, 'wagtailusers', '0014_userprofile_contrast', '2000-01-01 00:00:00+00'),
	(283, 'wagtailusers', '0015_userprofile_keyboard_shortcuts', '2000-01-01 00:00:00+00'),
	(284, 'wagtailimages', '0001_squashed_0021', '2000-01-01 00:00:00+00'),
	(285, 'wagtailcore', '0001_squashed_0016_change_page_url_path_to_text_field', '2000-01-01 00:00:00+00');

INSERT INTO public.wagtailcore_collection VALUES
	(1, '0001', 1, 0, 'Root');

INSERT INTO public.wagtailcore_groupapprovaltask VALUES
	(1);

INSERT INTO public.wagtailcore_groupapprovaltask_groups VALUES
	(1, 1, 1);

INSERT INTO public.wagtailcore_groupcollectionpermission VALUES
	(1, 1, 1, 110),
	(2, 1, 2, 110),
	(3, 1, 1, 111),
	(4, 1, 2, 111),
	(5, 1, 1, 113),
	(6, 1, 2, 113),
	(7, 1, 1, 114),
	(8, 1, 2, 114),
	(9, 1, 1, 115),
	(10, 1, 2, 115),
	(11, 1, 1, 117),
	(12, 1, 2, 117);

INSERT INTO public.wagtailcore_grouppagepermission VALUES
	(1, 1, 1, 69),
	(2, 1, 1, 70),
	(3, 1, 1, 75),
	(4, 2, 1, 69),
	(5, 2, 1, 70),
	(6, 1, 1, 74),
	(7, 1, 1, 76);

INSERT INTO public.wagtailcore_locale VALUES
	(1, 'en');

INSERT INTO public.wagtailcore_page VALUES
	(1, '0001', 1, 1, 'Root', 'root', true, false, '/', '', false, '', NULL, NULL, false, 1, NULL, false, NULL, NULL, NULL, NULL, 'Root', NULL, NULL, '00000000-0000-0000-0000-000000000001', 1, NULL, NULL),
	(2, '00010001', 2, 0, 'Welcome to your new Wagtail site!', 'home', true, false, '/home/', '', false, '', NULL, NULL, false, 1, NULL, false, NULL, NULL, NULL, NULL, 'Welcome to your new Wagtail site!', NULL, NULL, '00000000-0000-0000-0000-000000000002', 1, NULL, NULL);

INSERT INTO public.wagtailcore_site VALUES
	(1, 'localhost', 80, true, 2, '');

INSERT INTO public.wagtailcore_task VALUES
	(1, 'Moderators approval', true, 2);

INSERT INTO public.wagtailcore_workflow VALUES
	(1, 'Moderators approval', true);

INSERT INTO public.wagtailcore_workflowpage VALUES
	(1, 1);

INSERT INTO public.wagtailcore_workflowtask VALUES
	(1, 0, 1, 1);

SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 1, false);

SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, false);

SELECT pg_catalog.setval('public.affected_id_seq', 1, false);

SELECT pg_catalog.setval('public.attempt_id_seq', 1, false);

SELECT pg_catalog.setval('public.auth_group_id_seq', 2, true);

SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 18, true);

SELECT pg_catalog.setval('public.auth_permission_id_seq', 117, true);

SELECT pg_catalog.setval('public.auth_user_groups_id_seq', 1, false);

SELECT pg_catalog.setval('public.auth_user_id_seq', 1, false);

SELECT pg_catalog.setval('public.auth_user_user_permissions_id_seq', 1, false);

SELECT pg_catalog.setval('public.body_id_seq', 1, false);

SELECT pg_catalog.setval('public.consent_id_seq', 1, false);

SELECT pg_catalog.setval('public.decision_page', 1, false);

SELECT pg_catalog.setval('public.django_content_type_id_seq', 29, true);

SELECT pg_catalog.setval('public.django_migrations_id_seq', 285, true);

SELECT pg_catalog.setval('public.drafts_brand_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_communication_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_datacontract_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_edition_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_image_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_insert_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_language_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_layout_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_policy_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_segment_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_sharedtext_id_seq', 1, false);

SELECT pg_catalog.setval('public.drafts_trigger_id_seq', 1, false);

SELECT pg_catalog.setval('public.estimate_id_seq', 1, false);

SELECT pg_catalog.setval('public.event_id_seq', 1, false);

SELECT pg_catalog.setval('public.idempotency_key_id_seq', 1, false);

SELECT pg_catalog.setval('public.lease_number_seq', 1, false);

SELECT pg_catalog.setval('public.live_item_id_seq', 1, false);

SELECT pg_catalog.setval('public.log_fact_id_seq', 1, false);

SELECT pg_catalog.setval('public.member_id_seq', 1, false);

SELECT pg_catalog.setval('public.mfa_authenticator_id_seq', 1, false);

SELECT pg_catalog.setval('public.oauth2_provider_accesstoken_id_seq', 1, false);

SELECT pg_catalog.setval('public.oauth2_provider_application_id_seq', 1, false);

SELECT pg_catalog.setval('public.oauth2_provider_devicegrant_id_seq', 1, false);

SELECT pg_catalog.setval('public.oauth2_provider_grant_id_seq', 1, false);

SELECT pg_catalog.setval('public.oauth2_provider_idtoken_id_seq', 1, false);

SELECT pg_catalog.setval('public.oauth2_provider_refreshtoken_id_seq', 1, false);

SELECT pg_catalog.setval('public.playbook_item_id_seq', 1, false);

SELECT pg_catalog.setval('public.preference_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);

SELECT pg_catalog.setval('public.provider_id_seq', 1, false);

SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);

SELECT pg_catalog.setval('public.receipt_id_seq', 1, false);

SELECT pg_catalog.setval('public.release_change_id_seq', 1, false);

SELECT pg_catalog.setval('public.release_comment_id_seq', 1, false);

SELECT pg_catalog.setval('public.release_content_id_seq', 1, false);

SELECT pg_catalog.setval('public.release_sign_off_id_seq', 1, false);

SELECT pg_catalog.setval('public.replay_case_id_seq', 1, false);

SELECT pg_catalog.setval('public.taggit_tag_id_seq', 1, false);

SELECT pg_catalog.setval('public.taggit_taggeditem_id_seq', 1, false);

SELECT pg_catalog.setval('public.trace_context_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailadmin_admin_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailadmin_editingsession_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailadmin_formstate_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_apitoken_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_collection_id_seq', 1, true);

SELECT pg_catalog.setval('public.wagtailcore_collectionviewrestriction_groups_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_collectionviewrestriction_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_comment_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_commentreply_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_groupapprovaltask_groups_id_seq', 1, true);

SELECT pg_catalog.setval('public.wagtailcore_groupcollectionpermission_id_seq', 12, true);

SELECT pg_catalog.setval('public.wagtailcore_grouppagepermission_id_seq', 7, true);

SELECT pg_catalog.setval('public.wagtailcore_groupsitepermission_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_locale_id_seq', 1, true);

SELECT pg_catalog.setval('public.wagtailcore_modellogentry_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_page_id_seq', 2, true);

SELECT pg_catalog.setval('public.wagtailcore_pagelogentry_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_pagerevision_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_pagesubscription_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_pageviewrestriction_groups_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_pageviewrestriction_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_referenceindex_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_site_id_seq', 1, true);

SELECT pg_catalog.setval('public.wagtailcore_task_id_seq', 1, true);

SELECT pg_catalog.setval('public.wagtailcore_taskstate_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_uploadedfile_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_workflow_id_seq', 1, true);

SELECT pg_catalog.setval('public.wagtailcore_workflowstate_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailcore_workflowtask_id_seq', 1, true);

SELECT pg_catalog.setval('public.wagtaildocs_document_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailimages_image_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailimages_rendition_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailsearch_indexentry_id_seq', 1, false);

SELECT pg_catalog.setval('public.wagtailusers_userprofile_id_seq', 1, false);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.affected
    ADD CONSTRAINT affected_once UNIQUE (change_id, household);

ALTER TABLE ONLY public.affected
    ADD CONSTRAINT affected_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_once UNIQUE (delivery_id, number);

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_group_id_94350c0c_uniq UNIQUE (user_id, group_id);

ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_permission_id_14a6b632_uniq UNIQUE (user_id, permission_id);

ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_username_key UNIQUE (username);

ALTER TABLE ONLY public.body
    ADD CONSTRAINT body_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bound_content
    ADD CONSTRAINT bound_content_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.bucket
    ADD CONSTRAINT bucket_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.client_scope
    ADD CONSTRAINT client_scope_pkey PRIMARY KEY (client_id);

ALTER TABLE ONLY public.communication_type
    ADD CONSTRAINT communication_type_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_once UNIQUE (customer_id, purpose);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.contact_point
    ADD CONSTRAINT contact_point_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_pkey PRIMARY KEY (type);

ALTER TABLE ONLY public.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.drafts_brand
    ADD CONSTRAINT drafts_brand_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_brand
    ADD CONSTRAINT drafts_brand_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_communication
    ADD CONSTRAINT drafts_communication_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_communication
    ADD CONSTRAINT drafts_communication_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_datacontract
    ADD CONSTRAINT drafts_datacontract_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_datacontract
    ADD CONSTRAINT drafts_datacontract_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_edition
    ADD CONSTRAINT drafts_edition_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_edition
    ADD CONSTRAINT drafts_edition_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_image
    ADD CONSTRAINT drafts_image_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_image
    ADD CONSTRAINT drafts_image_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_insert
    ADD CONSTRAINT drafts_insert_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_insert
    ADD CONSTRAINT drafts_insert_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_language
    ADD CONSTRAINT drafts_language_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_language
    ADD CONSTRAINT drafts_language_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_layout
    ADD CONSTRAINT drafts_layout_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_layout
    ADD CONSTRAINT drafts_layout_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_policy
    ADD CONSTRAINT drafts_policy_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_policy
    ADD CONSTRAINT drafts_policy_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_segment
    ADD CONSTRAINT drafts_segment_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_segment
    ADD CONSTRAINT drafts_segment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_sharedtext
    ADD CONSTRAINT drafts_sharedtext_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_sharedtext
    ADD CONSTRAINT drafts_sharedtext_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_trigger
    ADD CONSTRAINT drafts_trigger_name_key UNIQUE (name);

ALTER TABLE ONLY public.drafts_trigger
    ADD CONSTRAINT drafts_trigger_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.endpoint
    ADD CONSTRAINT endpoint_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.estimate
    ADD CONSTRAINT estimate_once UNIQUE (incident_id, version);

ALTER TABLE ONLY public.estimate
    ADD CONSTRAINT estimate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_once UNIQUE (source, event_id);

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_once UNIQUE (client, key);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.incident
    ADD CONSTRAINT incident_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.item_version
    ADD CONSTRAINT item_version_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.listening
    ADD CONSTRAINT listening_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.live_item
    ADD CONSTRAINT live_item_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.log_cursor
    ADD CONSTRAINT log_cursor_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.log_fact
    ADD CONSTRAINT log_fact_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.log_fact
    ADD CONSTRAINT log_fact_sequence_key UNIQUE (sequence);

ALTER TABLE ONLY public.mapping
    ADD CONSTRAINT mapping_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_once UNIQUE (incident_id, device);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth2_provider_accesstoken
    ADD CONSTRAINT oauth2_provider_accesstoken_id_token_id_key UNIQUE (id_token_id);

ALTER TABLE ONLY public.oauth2_provider_accesstoken
    ADD CONSTRAINT oauth2_provider_accesstoken_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth2_provider_accesstoken
    ADD CONSTRAINT oauth2_provider_accesstoken_source_refresh_token_id_key UNIQUE (source_refresh_token_id);

ALTER TABLE ONLY public.oauth2_provider_accesstoken
    ADD CONSTRAINT oauth2_provider_accesstoken_token_checksum_85319a26_uniq UNIQUE (token_checksum);

ALTER TABLE ONLY public.oauth2_provider_application
    ADD CONSTRAINT oauth2_provider_application_client_id_key UNIQUE (client_id);

ALTER TABLE ONLY public.oauth2_provider_application
    ADD CONSTRAINT oauth2_provider_application_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth2_provider_devicegrant
    ADD CONSTRAINT oauth2_provider_devicegrant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth2_provider_devicegrant
    ADD CONSTRAINT oauth2_provider_devicegrant_unique_device_code UNIQUE (device_code);

ALTER TABLE ONLY public.oauth2_provider_grant
    ADD CONSTRAINT oauth2_provider_grant_code_key UNIQUE (code);

ALTER TABLE ONLY public.oauth2_provider_grant
    ADD CONSTRAINT oauth2_provider_grant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth2_provider_idtoken
    ADD CONSTRAINT oauth2_provider_idtoken_jti_key UNIQUE (jti);

ALTER TABLE ONLY public.oauth2_provider_idtoken
    ADD CONSTRAINT oauth2_provider_idtoken_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.oauth2_provider_refreshtoken
    ADD CONSTRAINT oauth2_provider_refresht_token_checksum_revoked_46c81d1d_uniq UNIQUE (token_checksum, revoked);

ALTER TABLE ONLY public.oauth2_provider_refreshtoken
    ADD CONSTRAINT oauth2_provider_refreshtoken_access_token_id_key UNIQUE (access_token_id);

ALTER TABLE ONLY public.oauth2_provider_refreshtoken
    ADD CONSTRAINT oauth2_provider_refreshtoken_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_edition
    ADD CONSTRAINT one_edition_a_language UNIQUE (communication_id, language);

ALTER TABLE ONLY public.playbook_item
    ADD CONSTRAINT playbook_item_once UNIQUE (playbook, kind, name);

ALTER TABLE ONLY public.playbook_item
    ADD CONSTRAINT playbook_item_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.policy_version
    ADD CONSTRAINT policy_version_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.preference
    ADD CONSTRAINT preference_once UNIQUE (customer_id, category);

ALTER TABLE ONLY public.preference
    ADD CONSTRAINT preference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.premise
    ADD CONSTRAINT premise_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_once UNIQUE (via, name);

ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_dedupe_key UNIQUE (dedupe);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.release_change
    ADD CONSTRAINT release_change_once UNIQUE (release, kind, name);

ALTER TABLE ONLY public.release_change
    ADD CONSTRAINT release_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.release_comment
    ADD CONSTRAINT release_comment_once UNIQUE (release, number);

ALTER TABLE ONLY public.release_comment
    ADD CONSTRAINT release_comment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.release_content
    ADD CONSTRAINT release_content_once UNIQUE (release, communication, language);

ALTER TABLE ONLY public.release_content
    ADD CONSTRAINT release_content_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.release
    ADD CONSTRAINT release_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.release_sign_off
    ADD CONSTRAINT release_sign_off_once UNIQUE (release, digest, role);

ALTER TABLE ONLY public.release_sign_off
    ADD CONSTRAINT release_sign_off_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.replay_case
    ADD CONSTRAINT replay_case_once UNIQUE (replay_id, decision);

ALTER TABLE ONLY public.replay_case
    ADD CONSTRAINT replay_case_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.replay
    ADD CONSTRAINT replay_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY public.review_asked
    ADD CONSTRAINT review_asked_pkey PRIMARY KEY (release);

ALTER TABLE ONLY public.rule_set
    ADD CONSTRAINT rule_set_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.switch
    ADD CONSTRAINT switch_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.taggit_tag
    ADD CONSTRAINT taggit_tag_name_key UNIQUE (name);

ALTER TABLE ONLY public.taggit_tag
    ADD CONSTRAINT taggit_tag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.taggit_tag
    ADD CONSTRAINT taggit_tag_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.taggit_taggeditem
    ADD CONSTRAINT taggit_taggeditem_content_type_id_object_id_tag_id_4bb97a8e_uni UNIQUE (content_type_id, object_id, tag_id);

ALTER TABLE ONLY public.taggit_taggeditem
    ADD CONSTRAINT taggit_taggeditem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.template_version
    ADD CONSTRAINT template_version_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.trace_context
    ADD CONSTRAINT trace_context_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trace_context
    ADD CONSTRAINT trace_once UNIQUE (source, event_id);

ALTER TABLE ONLY public.wagtailcore_grouppagepermission
    ADD CONSTRAINT unique_permission UNIQUE (group_id, page_id, permission_id);

ALTER TABLE ONLY public.wagtailadmin_admin
    ADD CONSTRAINT wagtailadmin_admin_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailadmin_editingsession
    ADD CONSTRAINT wagtailadmin_editingsession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailadmin_formstate
    ADD CONSTRAINT wagtailadmin_formstate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_apitoken
    ADD CONSTRAINT wagtailcore_apitoken_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.wagtailcore_apitoken
    ADD CONSTRAINT wagtailcore_apitoken_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_collection
    ADD CONSTRAINT wagtailcore_collection_path_key UNIQUE (path);

ALTER TABLE ONLY public.wagtailcore_collection
    ADD CONSTRAINT wagtailcore_collection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_collectionviewrestriction_groups
    ADD CONSTRAINT wagtailcore_collectionvi_collectionviewrestrictio_988995ae_uniq UNIQUE (collectionviewrestriction_id, group_id);

ALTER TABLE ONLY public.wagtailcore_collectionviewrestriction_groups
    ADD CONSTRAINT wagtailcore_collectionviewrestriction_groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_collectionviewrestriction
    ADD CONSTRAINT wagtailcore_collectionviewrestriction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_comment
    ADD CONSTRAINT wagtailcore_comment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_commentreply
    ADD CONSTRAINT wagtailcore_commentreply_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_groupapprovaltask_groups
    ADD CONSTRAINT wagtailcore_groupapprova_groupapprovaltask_id_gro_bb5ee7eb_uniq UNIQUE (groupapprovaltask_id, group_id);

ALTER TABLE ONLY public.wagtailcore_groupapprovaltask_groups
    ADD CONSTRAINT wagtailcore_groupapprovaltask_groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_groupapprovaltask
    ADD CONSTRAINT wagtailcore_groupapprovaltask_pkey PRIMARY KEY (task_ptr_id);

ALTER TABLE ONLY public.wagtailcore_groupcollectionpermission
    ADD CONSTRAINT wagtailcore_groupcollect_group_id_collection_id_p_a21cefe9_uniq UNIQUE (group_id, collection_id, permission_id);

ALTER TABLE ONLY public.wagtailcore_groupcollectionpermission
    ADD CONSTRAINT wagtailcore_groupcollectionpermission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_grouppagepermission
    ADD CONSTRAINT wagtailcore_grouppagepermission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_groupsitepermission
    ADD CONSTRAINT wagtailcore_groupsiteper_group_id_site_id_permiss_a58ee30d_uniq UNIQUE (group_id, site_id, permission_id);

ALTER TABLE ONLY public.wagtailcore_groupsitepermission
    ADD CONSTRAINT wagtailcore_groupsitepermission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_locale
    ADD CONSTRAINT wagtailcore_locale_language_code_key UNIQUE (language_code);

ALTER TABLE ONLY public.wagtailcore_locale
    ADD CONSTRAINT wagtailcore_locale_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_modellogentry
    ADD CONSTRAINT wagtailcore_modellogentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_path_key UNIQUE (path);

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_translation_key_locale_id_9b041bad_uniq UNIQUE (translation_key, locale_id);

ALTER TABLE ONLY public.wagtailcore_pagelogentry
    ADD CONSTRAINT wagtailcore_pagelogentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_revision
    ADD CONSTRAINT wagtailcore_pagerevision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_pagesubscription
    ADD CONSTRAINT wagtailcore_pagesubscription_page_id_user_id_0cef73ed_uniq UNIQUE (page_id, user_id);

ALTER TABLE ONLY public.wagtailcore_pagesubscription
    ADD CONSTRAINT wagtailcore_pagesubscription_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_pageviewrestriction_groups
    ADD CONSTRAINT wagtailcore_pageviewrest_pageviewrestriction_id_g_d23f80bb_uniq UNIQUE (pageviewrestriction_id, group_id);

ALTER TABLE ONLY public.wagtailcore_pageviewrestriction_groups
    ADD CONSTRAINT wagtailcore_pageviewrestriction_groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_pageviewrestriction
    ADD CONSTRAINT wagtailcore_pageviewrestriction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_referenceindex
    ADD CONSTRAINT wagtailcore_referenceind_base_content_type_id_obj_9e6ccd6a_uniq UNIQUE (base_content_type_id, object_id, to_content_type_id, to_object_id, content_path_hash);

ALTER TABLE ONLY public.wagtailcore_referenceindex
    ADD CONSTRAINT wagtailcore_referenceindex_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_site
    ADD CONSTRAINT wagtailcore_site_hostname_port_2c626d70_uniq UNIQUE (hostname, port);

ALTER TABLE ONLY public.wagtailcore_site
    ADD CONSTRAINT wagtailcore_site_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_task
    ADD CONSTRAINT wagtailcore_task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_taskstate
    ADD CONSTRAINT wagtailcore_taskstate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_uploadedfile
    ADD CONSTRAINT wagtailcore_uploadedfile_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_workflow
    ADD CONSTRAINT wagtailcore_workflow_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_workflowcontenttype
    ADD CONSTRAINT wagtailcore_workflowcontenttype_pkey PRIMARY KEY (content_type_id);

ALTER TABLE ONLY public.wagtailcore_workflowpage
    ADD CONSTRAINT wagtailcore_workflowpage_pkey PRIMARY KEY (page_id);

ALTER TABLE ONLY public.wagtailcore_workflowstate
    ADD CONSTRAINT wagtailcore_workflowstate_current_task_state_id_key UNIQUE (current_task_state_id);

ALTER TABLE ONLY public.wagtailcore_workflowstate
    ADD CONSTRAINT wagtailcore_workflowstate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_workflowtask
    ADD CONSTRAINT wagtailcore_workflowtask_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailcore_workflowtask
    ADD CONSTRAINT wagtailcore_workflowtask_workflow_id_task_id_4ec7a62b_uniq UNIQUE (workflow_id, task_id);

ALTER TABLE ONLY public.wagtaildocs_document
    ADD CONSTRAINT wagtaildocs_document_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailimages_image
    ADD CONSTRAINT wagtailimages_image_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailimages_rendition
    ADD CONSTRAINT wagtailimages_rendition_image_id_filter_spec_foc_323c8fe0_uniq UNIQUE (image_id, filter_spec, focal_point_key);

ALTER TABLE ONLY public.wagtailimages_rendition
    ADD CONSTRAINT wagtailimages_rendition_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailsearch_indexentry
    ADD CONSTRAINT wagtailsearch_indexentry_content_type_id_object_i_bcd7ba73_uniq UNIQUE (content_type_id, object_id);

ALTER TABLE ONLY public.wagtailsearch_indexentry
    ADD CONSTRAINT wagtailsearch_indexentry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailusers_userprofile
    ADD CONSTRAINT wagtailusers_userprofile_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.wagtailusers_userprofile
    ADD CONSTRAINT wagtailusers_userprofile_user_id_key UNIQUE (user_id);

ALTER TABLE ONLY public.writing
    ADD CONSTRAINT writing_pkey PRIMARY KEY (decision);

CREATE INDEX account_customer_id_b8a0df18 ON public.account USING btree (customer_id);

CREATE INDEX account_customer_id_b8a0df18_like ON public.account USING btree (customer_id varchar_pattern_ops);

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);

CREATE INDEX account_premise_id_b89fd80a ON public.account USING btree (premise_id);

CREATE INDEX account_premise_id_b89fd80a_like ON public.account USING btree (premise_id varchar_pattern_ops);

CREATE INDEX account_ref_882f936a_like ON public.account USING btree (ref varchar_pattern_ops);

CREATE INDEX affected_waiting ON public.affected USING btree (change_id, id) WHERE (NOT is_decided);

CREATE INDEX alarm_by_incident ON public.alarm USING btree (incident);

CREATE INDEX alarm_by_time ON public.alarm USING btree (raised_at DESC, ref);

CREATE UNIQUE INDEX alarm_once ON public.alarm USING btree (subject, kind) WHERE (NOT ((state)::text = 'cleared'::text));

CREATE INDEX alarm_open_by_area ON public.alarm USING btree (area) WHERE (NOT ((state)::text = 'cleared'::text));

CREATE INDEX area_ref_cefee2ef_like ON public.area USING btree (ref varchar_pattern_ops);

CREATE INDEX attempt_by_time ON public.attempt USING brin (started_at) WITH (autosummarize='on', pages_per_range='16');

CREATE INDEX attempt_unfinished ON public.attempt USING btree (started_at) WHERE (finished_at IS NULL);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX auth_user_groups_group_id_97559544 ON public.auth_user_groups USING btree (group_id);

CREATE INDEX auth_user_groups_user_id_6a12ed8b ON public.auth_user_groups USING btree (user_id);

CREATE INDEX auth_user_user_permissions_permission_id_1fbb5f2c ON public.auth_user_user_permissions USING btree (permission_id);

CREATE INDEX auth_user_user_permissions_user_id_a95ead1b ON public.auth_user_user_permissions USING btree (user_id);

CREATE INDEX auth_user_username_6821ab7c_like ON public.auth_user USING btree (username varchar_pattern_ops);

CREATE INDEX base_content_object_idx ON public.wagtailcore_revision USING btree (base_content_type_id, object_id);

CREATE INDEX bound_content_digest_67c70a6c_like ON public.bound_content USING btree (digest varchar_pattern_ops);

CREATE INDEX bucket_name_68617d48_like ON public.bucket USING btree (name text_pattern_ops);

CREATE INDEX change_situation_540b1726 ON public.change USING btree (situation);

CREATE INDEX client_scope_client_id_1595518f_like ON public.client_scope USING btree (client_id varchar_pattern_ops);

CREATE INDEX communication_type_name_9fd09989_like ON public.communication_type USING btree (name text_pattern_ops);

CREATE INDEX consent_customer_id_630c6f77 ON public.consent USING btree (customer_id);

CREATE INDEX consent_customer_id_630c6f77_like ON public.consent USING btree (customer_id varchar_pattern_ops);

CREATE INDEX contact_point_by_address ON public.contact_point USING btree (channel, address);

CREATE INDEX contact_point_customer_id_964d77ae ON public.contact_point USING btree (customer_id);

CREATE INDEX contact_point_customer_id_964d77ae_like ON public.contact_point USING btree (customer_id varchar_pattern_ops);

CREATE INDEX contact_point_ref_993149e1_like ON public.contact_point USING btree (ref varchar_pattern_ops);

CREATE INDEX content_object_idx ON public.wagtailcore_revision USING btree (content_type_id, object_id);

CREATE INDEX contract_type_71021a0b_like ON public.contract USING btree (type text_pattern_ops);

CREATE INDEX customer_by_name ON public.customer USING btree (lower(name) COLLATE "C");

CREATE INDEX customer_household_9509a9e5 ON public.customer USING btree (household);

CREATE INDEX customer_household_9509a9e5_like ON public.customer USING btree (household varchar_pattern_ops);

CREATE INDEX customer_ref_cccee035_like ON public.customer USING btree (ref varchar_pattern_ops);

CREATE INDEX decision_by_party ON public.decision USING btree (party, decided_at DESC);

CREATE INDEX decision_by_situation ON public.decision USING btree (situation, household);

CREATE INDEX decision_by_time ON public.decision USING btree (decided_at DESC, ref);

CREATE INDEX decision_by_type ON public.decision USING btree (communication, decided_at DESC, ref);

CREATE INDEX decision_change_abd780d0 ON public.decision USING btree (change);

CREATE INDEX decision_incomplete ON public.decision USING btree (decided_at DESC) WHERE ((state)::text = 'incomplete'::text);

CREATE INDEX decision_to_compose ON public.decision USING btree (page) WHERE ((state)::text = 'decided'::text);

CREATE INDEX decision_to_write ON public.decision USING btree (decided_at) WHERE ((state)::text = 'to_write'::text);

CREATE INDEX decision_withheld ON public.decision USING btree (reason, decided_at DESC, ref) WHERE ((verdict)::text = 'withheld'::text);

CREATE INDEX delivery_by_provider ON public.delivery USING btree (via, provider_ref) WHERE (NOT (provider_ref = ''::text));

CREATE INDEX delivery_by_rank ON public.delivery USING btree (communication_id, rank);

CREATE INDEX delivery_failed ON public.delivery USING btree (changed_at DESC) WHERE ((state)::text = 'failed'::text);

CREATE INDEX delivery_in_order ON public.delivery USING btree (ordering_key) WHERE (((state)::text = ANY (ARRAY[('due'::character varying)::text, ('attempting'::character varying)::text, ('unclear'::character varying)::text])) AND (NOT ((ordering_key)::text = ''::text)));

CREATE INDEX delivery_waiting ON public.delivery USING btree (via, lane, due_at) WHERE ((state)::text = 'due'::text);

CREATE INDEX delivery_watched ON public.delivery USING btree (state, due_at) WHERE ((state)::text = ANY (ARRAY[('standby'::character varying)::text, ('unclear'::character varying)::text, ('attempting'::character varying)::text]));

CREATE INDEX device_area_id_4f95154c ON public.device USING btree (area_id);

CREATE INDEX device_area_id_4f95154c_like ON public.device USING btree (area_id varchar_pattern_ops);

CREATE INDEX device_by_silence ON public.device USING btree (type, seen_at);

CREATE INDEX device_premise_id_f916574c ON public.device USING btree (premise_id);

CREATE INDEX device_premise_id_f916574c_like ON public.device USING btree (premise_id varchar_pattern_ops);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX document_by_pack ON public.document USING btree (pack);

CREATE INDEX drafts_brand_first_published_at_dd70cb1d ON public.drafts_brand USING btree (first_published_at);

CREATE INDEX drafts_brand_latest_revision_id_c7984990 ON public.drafts_brand USING btree (latest_revision_id);

CREATE INDEX drafts_brand_live_revision_id_ed55c6ff ON public.drafts_brand USING btree (live_revision_id);

CREATE INDEX drafts_brand_locked_by_id_9acba57a ON public.drafts_brand USING btree (locked_by_id);

CREATE INDEX drafts_brand_name_2f75d6cb_like ON public.drafts_brand USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_communication_first_published_at_d50f4567 ON public.drafts_communication USING btree (first_published_at);

CREATE INDEX drafts_communication_latest_revision_id_180e76d9 ON public.drafts_communication USING btree (latest_revision_id);

CREATE INDEX drafts_communication_live_revision_id_b11d1585 ON public.drafts_communication USING btree (live_revision_id);

CREATE INDEX drafts_communication_locked_by_id_acdf5fbb ON public.drafts_communication USING btree (locked_by_id);

CREATE INDEX drafts_communication_name_e82772e1_like ON public.drafts_communication USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_datacontract_first_published_at_d9b3e156 ON public.drafts_datacontract USING btree (first_published_at);

CREATE INDEX drafts_datacontract_latest_revision_id_05dc4ff6 ON public.drafts_datacontract USING btree (latest_revision_id);

CREATE INDEX drafts_datacontract_live_revision_id_2a288e0c ON public.drafts_datacontract USING btree (live_revision_id);

CREATE INDEX drafts_datacontract_locked_by_id_486c0967 ON public.drafts_datacontract USING btree (locked_by_id);

CREATE INDEX drafts_datacontract_name_1dcfa7c4_like ON public.drafts_datacontract USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_edition_communication_id_a4eb5a9c ON public.drafts_edition USING btree (communication_id);

CREATE INDEX drafts_edition_first_published_at_93c4a9ed ON public.drafts_edition USING btree (first_published_at);

CREATE INDEX drafts_edition_latest_revision_id_b8496ed3 ON public.drafts_edition USING btree (latest_revision_id);

CREATE INDEX drafts_edition_live_revision_id_4dffdfb2 ON public.drafts_edition USING btree (live_revision_id);

CREATE INDEX drafts_edition_locked_by_id_fa2022e3 ON public.drafts_edition USING btree (locked_by_id);

CREATE INDEX drafts_edition_name_e9c6b946_like ON public.drafts_edition USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_image_first_published_at_bde37172 ON public.drafts_image USING btree (first_published_at);

CREATE INDEX drafts_image_latest_revision_id_d9a0ff09 ON public.drafts_image USING btree (latest_revision_id);

CREATE INDEX drafts_image_live_revision_id_a35445b0 ON public.drafts_image USING btree (live_revision_id);

CREATE INDEX drafts_image_locked_by_id_76bee9bc ON public.drafts_image USING btree (locked_by_id);

CREATE INDEX drafts_image_name_fcd6a537_like ON public.drafts_image USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_insert_first_published_at_30f44c05 ON public.drafts_insert USING btree (first_published_at);

CREATE INDEX drafts_insert_latest_revision_id_7b37e91d ON public.drafts_insert USING btree (latest_revision_id);

CREATE INDEX drafts_insert_live_revision_id_4d36c412 ON public.drafts_insert USING btree (live_revision_id);

CREATE INDEX drafts_insert_locked_by_id_52bd85ea ON public.drafts_insert USING btree (locked_by_id);

CREATE INDEX drafts_insert_name_aacc175d_like ON public.drafts_insert USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_language_first_published_at_77d487e9 ON public.drafts_language USING btree (first_published_at);

CREATE INDEX drafts_language_latest_revision_id_f5c1a0d5 ON public.drafts_language USING btree (latest_revision_id);

CREATE INDEX drafts_language_live_revision_id_a508f441 ON public.drafts_language USING btree (live_revision_id);

CREATE INDEX drafts_language_locked_by_id_702012b9 ON public.drafts_language USING btree (locked_by_id);

CREATE INDEX drafts_language_name_7c235c40_like ON public.drafts_language USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_layout_first_published_at_1b565398 ON public.drafts_layout USING btree (first_published_at);

CREATE INDEX drafts_layout_latest_revision_id_00181c7b ON public.drafts_layout USING btree (latest_revision_id);

CREATE INDEX drafts_layout_live_revision_id_5aa24bda ON public.drafts_layout USING btree (live_revision_id);

CREATE INDEX drafts_layout_locked_by_id_78a72f35 ON public.drafts_layout USING btree (locked_by_id);

CREATE INDEX drafts_layout_name_07a102c6_like ON public.drafts_layout USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_policy_first_published_at_98e3f66d ON public.drafts_policy USING btree (first_published_at);

CREATE INDEX drafts_policy_latest_revision_id_4b2d96d7 ON public.drafts_policy USING btree (latest_revision_id);

CREATE INDEX drafts_policy_live_revision_id_3908833a ON public.drafts_policy USING btree (live_revision_id);

CREATE INDEX drafts_policy_locked_by_id_bc257c66 ON public.drafts_policy USING btree (locked_by_id);

CREATE INDEX drafts_policy_name_8be913f2_like ON public.drafts_policy USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_segment_first_published_at_81104d68 ON public.drafts_segment USING btree (first_published_at);

CREATE INDEX drafts_segment_latest_revision_id_782af7db ON public.drafts_segment USING btree (latest_revision_id);

CREATE INDEX drafts_segment_live_revision_id_944c236a ON public.drafts_segment USING btree (live_revision_id);

CREATE INDEX drafts_segment_locked_by_id_19372d85 ON public.drafts_segment USING btree (locked_by_id);

CREATE INDEX drafts_segment_name_0411e6dc_like ON public.drafts_segment USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_sharedtext_first_published_at_2ab1b424 ON public.drafts_sharedtext USING btree (first_published_at);

CREATE INDEX drafts_sharedtext_latest_revision_id_5f1d60b8 ON public.drafts_sharedtext USING btree (latest_revision_id);

CREATE INDEX drafts_sharedtext_live_revision_id_9332e1d2 ON public.drafts_sharedtext USING btree (live_revision_id);

CREATE INDEX drafts_sharedtext_locked_by_id_734ee353 ON public.drafts_sharedtext USING btree (locked_by_id);

CREATE INDEX drafts_sharedtext_name_e1141dfe_like ON public.drafts_sharedtext USING btree (name varchar_pattern_ops);

CREATE INDEX drafts_trigger_first_published_at_1a2a9b4b ON public.drafts_trigger USING btree (first_published_at);

CREATE INDEX drafts_trigger_latest_revision_id_807bab2e ON public.drafts_trigger USING btree (latest_revision_id);

CREATE INDEX drafts_trigger_live_revision_id_9abe61e1 ON public.drafts_trigger USING btree (live_revision_id);

CREATE INDEX drafts_trigger_locked_by_id_4dbc2ca7 ON public.drafts_trigger USING btree (locked_by_id);

CREATE INDEX drafts_trigger_name_2beaec97_like ON public.drafts_trigger USING btree (name varchar_pattern_ops);

CREATE INDEX endpoint_alive ON public.endpoint USING btree (disabled_at);

CREATE INDEX endpoint_ref_39fc0ecf_like ON public.endpoint USING btree (ref varchar_pattern_ops);

CREATE INDEX estimate_incident_id_401cdefc ON public.estimate USING btree (incident_id);

CREATE INDEX estimate_incident_id_401cdefc_like ON public.estimate USING btree (incident_id varchar_pattern_ops);

CREATE INDEX event_by_subject ON public.event USING btree (subject, occurred_at);

CREATE INDEX event_by_time ON public.event USING brin (received_at) WITH (autosummarize='on', pages_per_range='16');

CREATE INDEX event_faulty ON public.event USING btree (assessed_at) WHERE ((noted)::text = 'faulty'::text);

CREATE INDEX event_waiting ON public.event USING btree (lane, id) WHERE ((noted)::text = ''::text);

CREATE INDEX formstate_user_object ON public.wagtailadmin_formstate USING btree (user_id, content_type_id, object_id, parent_object_id);

CREATE INDEX idempotency_key_expires_at_4ffe2fce ON public.idempotency_key USING btree (expires_at);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX incident_area_dc3b25a7 ON public.incident USING btree (area);

CREATE INDEX incident_area_dc3b25a7_like ON public.incident USING btree (area varchar_pattern_ops);

CREATE INDEX incident_by_time ON public.incident USING btree (opened_at DESC, ref);

CREATE INDEX item_version_by_name ON public.item_version USING btree (kind, name, created_at DESC);

CREATE INDEX item_version_digest_9f9726a8_like ON public.item_version USING btree (digest varchar_pattern_ops);

CREATE INDEX live_item_digest_be456ac1 ON public.live_item USING btree (digest);

CREATE INDEX live_item_digest_be456ac1_like ON public.live_item USING btree (digest varchar_pattern_ops);

CREATE UNIQUE INDEX live_item_once ON public.live_item USING btree (kind, name) WHERE (until IS NULL);

CREATE INDEX live_item_release_d83ccf42 ON public.live_item USING btree (release);

CREATE INDEX live_item_release_d83ccf42_like ON public.live_item USING btree (release varchar_pattern_ops);

CREATE INDEX log_cursor_name_0ddea0da_like ON public.log_cursor USING btree (name varchar_pattern_ops);

CREATE INDEX log_fact_by_subject ON public.log_fact USING btree (subject, id);

CREATE INDEX log_fact_by_time ON public.log_fact USING brin (at) WITH (autosummarize='on', pages_per_range='16');

CREATE INDEX log_fact_waiting ON public.log_fact USING btree (id) WHERE (sequence IS NULL);

CREATE INDEX mapping_name_4c3d7809_like ON public.mapping USING btree (name text_pattern_ops);

CREATE INDEX member_by_device ON public.member USING btree (device);

CREATE INDEX member_by_premise ON public.member USING btree (premise);

CREATE INDEX member_due ON public.member USING btree (tell_restored_at) WHERE (tell_restored_at IS NOT NULL);

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);

CREATE INDEX oauth2_prov_token_f_996e8a_idx ON public.oauth2_provider_refreshtoken USING btree (token_family);

CREATE INDEX oauth2_provider_accesstoken_application_id_b22886e1 ON public.oauth2_provider_accesstoken USING btree (application_id);

CREATE INDEX oauth2_provider_accesstoken_token_checksum_85319a26_like ON public.oauth2_provider_accesstoken USING btree (token_checksum varchar_pattern_ops);

CREATE INDEX oauth2_provider_accesstoken_user_id_6e4c9a65 ON public.oauth2_provider_accesstoken USING btree (user_id);

CREATE INDEX oauth2_provider_application_client_id_03f0cc84_like ON public.oauth2_provider_application USING btree (client_id varchar_pattern_ops);

CREATE INDEX oauth2_provider_application_client_secret_53133678 ON public.oauth2_provider_application USING btree (client_secret);

CREATE INDEX oauth2_provider_application_client_secret_53133678_like ON public.oauth2_provider_application USING btree (client_secret varchar_pattern_ops);

CREATE INDEX oauth2_provider_application_user_id_79829054 ON public.oauth2_provider_application USING btree (user_id);

CREATE INDEX oauth2_provider_devicegrant_client_id_229dd06d ON public.oauth2_provider_devicegrant USING btree (client_id);

CREATE INDEX oauth2_provider_devicegrant_client_id_229dd06d_like ON public.oauth2_provider_devicegrant USING btree (client_id varchar_pattern_ops);

CREATE INDEX oauth2_provider_devicegrant_user_id_1cec5156 ON public.oauth2_provider_devicegrant USING btree (user_id);

CREATE INDEX oauth2_provider_grant_application_id_81923564 ON public.oauth2_provider_grant USING btree (application_id);

CREATE INDEX oauth2_provider_grant_code_49ab4ddf_like ON public.oauth2_provider_grant USING btree (code varchar_pattern_ops);

CREATE INDEX oauth2_provider_grant_user_id_e8f62af8 ON public.oauth2_provider_grant USING btree (user_id);

CREATE INDEX oauth2_provider_idtoken_application_id_08c5ff4f ON public.oauth2_provider_idtoken USING btree (application_id);

CREATE INDEX oauth2_provider_idtoken_user_id_dd512b59 ON public.oauth2_provider_idtoken USING btree (user_id);

CREATE INDEX oauth2_provider_refreshtoken_application_id_2d1c311b ON public.oauth2_provider_refreshtoken USING btree (application_id);

CREATE INDEX oauth2_provider_refreshtoken_user_id_da837fce ON public.oauth2_provider_refreshtoken USING btree (user_id);

CREATE INDEX policy_version_version_6a117341_like ON public.policy_version USING btree (version varchar_pattern_ops);

CREATE INDEX preference_customer_id_fe6f8555 ON public.preference USING btree (customer_id);

CREATE INDEX preference_customer_id_fe6f8555_like ON public.preference USING btree (customer_id varchar_pattern_ops);

CREATE INDEX premise_area_id_3a34ed70 ON public.premise USING btree (area_id);

CREATE INDEX premise_area_id_3a34ed70_like ON public.premise USING btree (area_id varchar_pattern_ops);

CREATE INDEX premise_ref_9696772c_like ON public.premise USING btree (ref varchar_pattern_ops);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE INDEX quarantine_body_id_b9d787ec ON public.quarantine USING btree (body_id);

CREATE INDEX quarantine_by_state ON public.quarantine USING btree (state, id DESC);

CREATE INDEX receipt_by_delivery ON public.receipt USING btree (delivery);

CREATE INDEX receipt_by_time ON public.receipt USING brin (received_at) WITH (autosummarize='on', pages_per_range='16');

CREATE INDEX receipt_dedupe_f68486df_like ON public.receipt USING btree (dedupe varchar_pattern_ops);

CREATE INDEX receipt_waiting ON public.receipt USING btree (id) WHERE (followed_at IS NULL);

CREATE INDEX referenceindex_source_object ON public.wagtailcore_referenceindex USING btree (base_content_type_id, object_id);

CREATE INDEX referenceindex_target_object ON public.wagtailcore_referenceindex USING btree (to_content_type_id, to_object_id);

CREATE INDEX release_by_time ON public.release USING btree (created_at DESC, ref);

CREATE INDEX release_change_by_name ON public.release_change USING btree (kind, name);

CREATE INDEX release_change_release_804e7993 ON public.release_change USING btree (release);

CREATE INDEX release_change_release_804e7993_like ON public.release_change USING btree (release varchar_pattern_ops);

CREATE INDEX release_comment_release_82f8309a ON public.release_comment USING btree (release);

CREATE INDEX release_comment_release_82f8309a_like ON public.release_comment USING btree (release varchar_pattern_ops);

CREATE INDEX release_content_release_6e15a4e4 ON public.release_content USING btree (release);

CREATE INDEX release_content_release_6e15a4e4_like ON public.release_content USING btree (release varchar_pattern_ops);

CREATE INDEX release_ending ON public.release USING btree (effective_to) WHERE ((effective_to IS NOT NULL) AND ((state)::text = 'live'::text));

CREATE INDEX release_ref_006ec47e_like ON public.release USING btree (ref varchar_pattern_ops);

CREATE INDEX release_scheduled ON public.release USING btree (effective_from) WHERE ((state)::text = 'scheduled'::text);

CREATE INDEX release_sign_off_release_e87a909d ON public.release_sign_off USING btree (release);

CREATE INDEX release_sign_off_release_e87a909d_like ON public.release_sign_off USING btree (release varchar_pattern_ops);

CREATE INDEX replay_by_release ON public.replay USING btree (release, asked_at DESC);

CREATE INDEX replay_case_by_score ON public.replay_case USING btree (replay_id, score DESC, decision);

CREATE INDEX replay_ref_92b09714_like ON public.replay USING btree (ref varchar_pattern_ops);

CREATE INDEX review_asked_release_a57fcb3f_like ON public.review_asked USING btree (release varchar_pattern_ops);

CREATE INDEX rule_set_version_fcd728d8_like ON public.rule_set USING btree (version varchar_pattern_ops);

CREATE INDEX switch_name_c774fe12_like ON public.switch USING btree (name varchar_pattern_ops);

CREATE INDEX taggit_tag_name_58eb2ed9_like ON public.taggit_tag USING btree (name varchar_pattern_ops);

CREATE INDEX taggit_tag_slug_6be58b2c_like ON public.taggit_tag USING btree (slug varchar_pattern_ops);

CREATE INDEX taggit_tagg_content_8fc721_idx ON public.taggit_taggeditem USING btree (content_type_id, object_id);

CREATE INDEX taggit_taggeditem_content_type_id_9957a03c ON public.taggit_taggeditem USING btree (content_type_id);

CREATE INDEX taggit_taggeditem_object_id_e2d7d1df ON public.taggit_taggeditem USING btree (object_id);

CREATE INDEX taggit_taggeditem_tag_id_f4f5b767 ON public.taggit_taggeditem USING btree (tag_id);

CREATE INDEX template_in_force ON public.template_version USING btree (communication_id, language, state);

CREATE UNIQUE INDEX template_live_once ON public.template_version USING btree (communication_id, language) WHERE ((state)::text = 'live'::text);

CREATE INDEX template_version_communication_id_74112cc3 ON public.template_version USING btree (communication_id);

CREATE INDEX template_version_communication_id_74112cc3_like ON public.template_version USING btree (communication_id text_pattern_ops);

CREATE INDEX template_version_digest_d3a80794_like ON public.template_version USING btree (digest varchar_pattern_ops);

CREATE INDEX trace_context_at_b2dbe43d ON public.trace_context USING btree (at);

CREATE INDEX trace_context_ref_20138005 ON public.trace_context USING btree (ref);

CREATE INDEX trace_context_ref_20138005_like ON public.trace_context USING btree (ref varchar_pattern_ops);

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY (ARRAY[('totp'::character varying)::text, ('recovery_codes'::character varying)::text]));

CREATE UNIQUE INDEX unique_in_progress_workflow ON public.wagtailcore_workflowstate USING btree (base_content_type_id, object_id) WHERE ((status)::text = ANY (ARRAY[('in_progress'::character varying)::text, ('needs_changes'::character varying)::text]));

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;

CREATE INDEX wagtailadmi_content_717955_idx ON public.wagtailadmin_editingsession USING btree (content_type_id, object_id);

CREATE INDEX wagtailadmin_editingsession_content_type_id_4df7730e ON public.wagtailadmin_editingsession USING btree (content_type_id);

CREATE INDEX wagtailadmin_editingsession_user_id_6e1a9b70 ON public.wagtailadmin_editingsession USING btree (user_id);

CREATE INDEX wagtailadmin_formstate_content_type_id_e32438b3 ON public.wagtailadmin_formstate USING btree (content_type_id);

CREATE INDEX wagtailadmin_formstate_user_id_b910adc2 ON public.wagtailadmin_formstate USING btree (user_id);

CREATE INDEX wagtailcore_apitoken_key_hash_65979b78_like ON public.wagtailcore_apitoken USING btree (key_hash varchar_pattern_ops);

CREATE INDEX wagtailcore_apitoken_user_id_49b1141b ON public.wagtailcore_apitoken USING btree (user_id);

CREATE INDEX wagtailcore_collection_path_d848dc19_like ON public.wagtailcore_collection USING btree (path varchar_pattern_ops);

CREATE INDEX wagtailcore_collectionview_collectionviewrestriction__47320efd ON public.wagtailcore_collectionviewrestriction_groups USING btree (collectionviewrestriction_id);

CREATE INDEX wagtailcore_collectionviewrestriction_collection_id_761908ec ON public.wagtailcore_collectionviewrestriction USING btree (collection_id);

CREATE INDEX wagtailcore_collectionviewrestriction_groups_group_id_1823f2a3 ON public.wagtailcore_collectionviewrestriction_groups USING btree (group_id);

CREATE INDEX wagtailcore_comment_page_id_108444b5 ON public.wagtailcore_comment USING btree (page_id);

CREATE INDEX wagtailcore_comment_resolved_by_id_a282aa0e ON public.wagtailcore_comment USING btree (resolved_by_id);

CREATE INDEX wagtailcore_comment_revision_created_id_1d058279 ON public.wagtailcore_comment USING btree (revision_created_id);

CREATE INDEX wagtailcore_comment_user_id_0c577ca6 ON public.wagtailcore_comment USING btree (user_id);

CREATE INDEX wagtailcore_commentreply_comment_id_afc7e027 ON public.wagtailcore_commentreply USING btree (comment_id);

CREATE INDEX wagtailcore_commentreply_user_id_d0b3b9c3 ON public.wagtailcore_commentreply USING btree (user_id);

CREATE INDEX wagtailcore_groupapprovalt_groupapprovaltask_id_9a9255ea ON public.wagtailcore_groupapprovaltask_groups USING btree (groupapprovaltask_id);

CREATE INDEX wagtailcore_groupapprovaltask_groups_group_id_2e64b61f ON public.wagtailcore_groupapprovaltask_groups USING btree (group_id);

CREATE INDEX wagtailcore_groupcollectionpermission_collection_id_5423575a ON public.wagtailcore_groupcollectionpermission USING btree (collection_id);

CREATE INDEX wagtailcore_groupcollectionpermission_group_id_05d61460 ON public.wagtailcore_groupcollectionpermission USING btree (group_id);

CREATE INDEX wagtailcore_groupcollectionpermission_permission_id_1b626275 ON public.wagtailcore_groupcollectionpermission USING btree (permission_id);

CREATE INDEX wagtailcore_grouppagepermission_group_id_fc07e671 ON public.wagtailcore_grouppagepermission USING btree (group_id);

CREATE INDEX wagtailcore_grouppagepermission_page_id_710b114a ON public.wagtailcore_grouppagepermission USING btree (page_id);

CREATE INDEX wagtailcore_grouppagepermission_permission_id_05acb22e ON public.wagtailcore_grouppagepermission USING btree (permission_id);

CREATE INDEX wagtailcore_groupsitepermission_group_id_e5cdbee4 ON public.wagtailcore_groupsitepermission USING btree (group_id);

CREATE INDEX wagtailcore_groupsitepermission_permission_id_459b1f38 ON public.wagtailcore_groupsitepermission USING btree (permission_id);

CREATE INDEX wagtailcore_groupsitepermission_site_id_245de488 ON public.wagtailcore_groupsitepermission USING btree (site_id);

CREATE INDEX wagtailcore_locale_language_code_03149338_like ON public.wagtailcore_locale USING btree (language_code varchar_pattern_ops);

CREATE INDEX wagtailcore_modellogentry_action_d2d856ee ON public.wagtailcore_modellogentry USING btree (action);

CREATE INDEX wagtailcore_modellogentry_action_d2d856ee_like ON public.wagtailcore_modellogentry USING btree (action varchar_pattern_ops);

CREATE INDEX wagtailcore_modellogentry_content_changed_8bc39742 ON public.wagtailcore_modellogentry USING btree (content_changed);

CREATE INDEX wagtailcore_modellogentry_content_type_id_68849e77 ON public.wagtailcore_modellogentry USING btree (content_type_id);

CREATE INDEX wagtailcore_modellogentry_object_id_e0e7d4ef ON public.wagtailcore_modellogentry USING btree (object_id);

CREATE INDEX wagtailcore_modellogentry_object_id_e0e7d4ef_like ON public.wagtailcore_modellogentry USING btree (object_id varchar_pattern_ops);

CREATE INDEX wagtailcore_modellogentry_revision_id_df6ca33a ON public.wagtailcore_modellogentry USING btree (revision_id);

CREATE INDEX wagtailcore_modellogentry_timestamp_9694521b ON public.wagtailcore_modellogentry USING btree ("timestamp");

CREATE INDEX wagtailcore_modellogentry_user_id_0278d1bf ON public.wagtailcore_modellogentry USING btree (user_id);

CREATE INDEX wagtailcore_page_alias_of_id_12945502 ON public.wagtailcore_page USING btree (alias_of_id);

CREATE INDEX wagtailcore_page_content_type_id_c28424df ON public.wagtailcore_page USING btree (content_type_id);

CREATE INDEX wagtailcore_page_first_published_at_2b5dd637 ON public.wagtailcore_page USING btree (first_published_at);

CREATE INDEX wagtailcore_page_latest_revision_id_e60fef51 ON public.wagtailcore_page USING btree (latest_revision_id);

CREATE INDEX wagtailcore_page_live_revision_id_930bd822 ON public.wagtailcore_page USING btree (live_revision_id);

CREATE INDEX wagtailcore_page_locale_id_3c7e30a6 ON public.wagtailcore_page USING btree (locale_id);

CREATE INDEX wagtailcore_page_locked_by_id_bcb86245 ON public.wagtailcore_page USING btree (locked_by_id);

CREATE INDEX wagtailcore_page_owner_id_fbf7c332 ON public.wagtailcore_page USING btree (owner_id);

CREATE INDEX wagtailcore_page_path_98eba2c8_like ON public.wagtailcore_page USING btree (path varchar_pattern_ops);

CREATE INDEX wagtailcore_page_slug_e7c11b8f ON public.wagtailcore_page USING btree (slug);

CREATE INDEX wagtailcore_page_slug_e7c11b8f_like ON public.wagtailcore_page USING btree (slug varchar_pattern_ops);

CREATE INDEX wagtailcore_pagelogentry_action_c2408198 ON public.wagtailcore_pagelogentry USING btree (action);

CREATE INDEX wagtailcore_pagelogentry_action_c2408198_like ON public.wagtailcore_pagelogentry USING btree (action varchar_pattern_ops);

CREATE INDEX wagtailcore_pagelogentry_content_changed_99f27ade ON public.wagtailcore_pagelogentry USING btree (content_changed);

CREATE INDEX wagtailcore_pagelogentry_content_type_id_74e7708a ON public.wagtailcore_pagelogentry USING btree (content_type_id);

CREATE INDEX wagtailcore_pagelogentry_page_id_8464e327 ON public.wagtailcore_pagelogentry USING btree (page_id);

CREATE INDEX wagtailcore_pagelogentry_revision_id_8043d103 ON public.wagtailcore_pagelogentry USING btree (revision_id);

CREATE INDEX wagtailcore_pagelogentry_timestamp_deb774c4 ON public.wagtailcore_pagelogentry USING btree ("timestamp");

CREATE INDEX wagtailcore_pagelogentry_user_id_604ccfd8 ON public.wagtailcore_pagelogentry USING btree (user_id);

CREATE INDEX wagtailcore_pagerevision_approved_go_live_at_e56afc67 ON public.wagtailcore_revision USING btree (approved_go_live_at);

CREATE INDEX wagtailcore_pagerevision_created_at_66954e3b ON public.wagtailcore_revision USING btree (created_at);

CREATE INDEX wagtailcore_pagerevision_user_id_2409d2f4 ON public.wagtailcore_revision USING btree (user_id);

CREATE INDEX wagtailcore_pagesubscription_page_id_a085e7a6 ON public.wagtailcore_pagesubscription USING btree (page_id);

CREATE INDEX wagtailcore_pagesubscription_user_id_89d7def9 ON public.wagtailcore_pagesubscription USING btree (user_id);

CREATE INDEX wagtailcore_pageviewrestri_pageviewrestriction_id_f147a99a ON public.wagtailcore_pageviewrestriction_groups USING btree (pageviewrestriction_id);

CREATE INDEX wagtailcore_pageviewrestriction_groups_group_id_6460f223 ON public.wagtailcore_pageviewrestriction_groups USING btree (group_id);

CREATE INDEX wagtailcore_pageviewrestriction_page_id_15a8bea6 ON public.wagtailcore_pageviewrestriction USING btree (page_id);

CREATE INDEX wagtailcore_referenceindex_base_content_type_id_313cf40f ON public.wagtailcore_referenceindex USING btree (base_content_type_id);

CREATE INDEX wagtailcore_referenceindex_content_type_id_766e0336 ON public.wagtailcore_referenceindex USING btree (content_type_id);

CREATE INDEX wagtailcore_referenceindex_to_content_type_id_93690bbd ON public.wagtailcore_referenceindex USING btree (to_content_type_id);

CREATE INDEX wagtailcore_revision_base_content_type_id_5b4ef7bd ON public.wagtailcore_revision USING btree (base_content_type_id);

CREATE INDEX wagtailcore_revision_content_type_id_c8cb69c0 ON public.wagtailcore_revision USING btree (content_type_id);

CREATE INDEX wagtailcore_site_hostname_96b20b46 ON public.wagtailcore_site USING btree (hostname);

CREATE INDEX wagtailcore_site_hostname_96b20b46_like ON public.wagtailcore_site USING btree (hostname varchar_pattern_ops);

CREATE INDEX wagtailcore_site_root_page_id_e02fb95c ON public.wagtailcore_site USING btree (root_page_id);

CREATE INDEX wagtailcore_task_content_type_id_249ab8ba ON public.wagtailcore_task USING btree (content_type_id);

CREATE INDEX wagtailcore_taskstate_content_type_id_0a758fdc ON public.wagtailcore_taskstate USING btree (content_type_id);

CREATE INDEX wagtailcore_taskstate_finished_by_id_13f98229 ON public.wagtailcore_taskstate USING btree (finished_by_id);

CREATE INDEX wagtailcore_taskstate_page_revision_id_9f52c88e ON public.wagtailcore_taskstate USING btree (revision_id);

CREATE INDEX wagtailcore_taskstate_task_id_c3677c34 ON public.wagtailcore_taskstate USING btree (task_id);

CREATE INDEX wagtailcore_taskstate_workflow_state_id_9239a775 ON public.wagtailcore_taskstate USING btree (workflow_state_id);

CREATE INDEX wagtailcore_uploadedfile_for_content_type_id_b0fc87b2 ON public.wagtailcore_uploadedfile USING btree (for_content_type_id);

CREATE INDEX wagtailcore_uploadedfile_uploaded_by_user_id_c7580fe8 ON public.wagtailcore_uploadedfile USING btree (uploaded_by_user_id);

CREATE INDEX wagtailcore_uuid_06a44d_idx ON public.wagtailcore_pagelogentry USING btree (uuid, action, "timestamp" DESC);

CREATE INDEX wagtailcore_uuid_d6363b_idx ON public.wagtailcore_modellogentry USING btree (uuid, action, "timestamp" DESC);

CREATE INDEX wagtailcore_workflowcontenttype_workflow_id_9aad7cd2 ON public.wagtailcore_workflowcontenttype USING btree (workflow_id);

CREATE INDEX wagtailcore_workflowpage_workflow_id_56f56ff6 ON public.wagtailcore_workflowpage USING btree (workflow_id);

CREATE INDEX wagtailcore_workflowstate_base_content_type_id_a30dc576 ON public.wagtailcore_workflowstate USING btree (base_content_type_id);

CREATE INDEX wagtailcore_workflowstate_content_type_id_2bb78ce1 ON public.wagtailcore_workflowstate USING btree (content_type_id);

CREATE INDEX wagtailcore_workflowstate_requested_by_id_4090bca3 ON public.wagtailcore_workflowstate USING btree (requested_by_id);

CREATE INDEX wagtailcore_workflowstate_workflow_id_1f18378f ON public.wagtailcore_workflowstate USING btree (workflow_id);

CREATE INDEX wagtailcore_workflowtask_task_id_ce7716fe ON public.wagtailcore_workflowtask USING btree (task_id);

CREATE INDEX wagtailcore_workflowtask_workflow_id_b9717175 ON public.wagtailcore_workflowtask USING btree (workflow_id);

CREATE INDEX wagtaildocs_document_collection_id_23881625 ON public.wagtaildocs_document USING btree (collection_id);

CREATE INDEX wagtaildocs_document_uploaded_by_user_id_17258b41 ON public.wagtaildocs_document USING btree (uploaded_by_user_id);

CREATE INDEX wagtailimages_image_collection_id_c2f8af7e ON public.wagtailimages_image USING btree (collection_id);

CREATE INDEX wagtailimages_image_created_at_86fa6cd4 ON public.wagtailimages_image USING btree (created_at);

CREATE INDEX wagtailimages_image_file_hash_fb5bbb23 ON public.wagtailimages_image USING btree (file_hash);

CREATE INDEX wagtailimages_image_file_hash_fb5bbb23_like ON public.wagtailimages_image USING btree (file_hash varchar_pattern_ops);

CREATE INDEX wagtailimages_image_uploaded_by_user_id_5d73dc75 ON public.wagtailimages_image USING btree (uploaded_by_user_id);

CREATE INDEX wagtailimages_rendition_filter_spec_1cba3201 ON public.wagtailimages_rendition USING btree (filter_spec);

CREATE INDEX wagtailimages_rendition_filter_spec_1cba3201_like ON public.wagtailimages_rendition USING btree (filter_spec varchar_pattern_ops);

CREATE INDEX wagtailimages_rendition_image_id_3e1fd774 ON public.wagtailimages_rendition USING btree (image_id);

CREATE INDEX wagtailsear_autocom_476c89_gin ON public.wagtailsearch_indexentry USING gin (autocomplete);

CREATE INDEX wagtailsear_body_90c85d_gin ON public.wagtailsearch_indexentry USING gin (body);

CREATE INDEX wagtailsear_title_9caae0_gin ON public.wagtailsearch_indexentry USING gin (title);

CREATE INDEX wagtailsearch_indexentry_content_type_id_62ed694f ON public.wagtailsearch_indexentry USING btree (content_type_id);

CREATE INDEX workflowstate_base_ct_id_idx ON public.wagtailcore_workflowstate USING btree (base_content_type_id, object_id);

CREATE INDEX workflowstate_ct_id_idx ON public.wagtailcore_workflowstate USING btree (content_type_id, object_id);

CREATE INDEX writing_decision_e0eb2ca1_like ON public.writing USING btree (decision varchar_pattern_ops);

CREATE CONSTRAINT TRIGGER change_of_approved AFTER INSERT OR DELETE OR UPDATE ON public.release_change NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.refuse_change_of_approved();

CREATE TRIGGER changed_item BEFORE DELETE OR UPDATE ON public.item_version FOR EACH ROW EXECUTE FUNCTION public.refuse_changed_item();

CREATE CONSTRAINT TRIGGER content_of_approved AFTER INSERT OR DELETE OR UPDATE ON public.release_content NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.refuse_change_of_approved();

CREATE CONSTRAINT TRIGGER own_release AFTER INSERT OR UPDATE ON public.release NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.refuse_own_release();

CREATE TRIGGER own_sign_off BEFORE INSERT OR UPDATE ON public.release_sign_off FOR EACH ROW EXECUTE FUNCTION public.refuse_own_sign_off();

CREATE TRIGGER own_template BEFORE INSERT OR UPDATE ON public.template_version FOR EACH ROW EXECUTE FUNCTION public.refuse_own_template();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_customer_id_b8a0df18_fk_customer_ref FOREIGN KEY (customer_id) REFERENCES public.customer(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_premise_id_b89fd80a_fk_premise_ref FOREIGN KEY (premise_id) REFERENCES public.premise(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_group_id_97559544_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_6a12ed8b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_customer_id_630c6f77_fk_customer_ref FOREIGN KEY (customer_id) REFERENCES public.customer(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.contact_point
    ADD CONSTRAINT contact_point_customer_id_964d77ae_fk_customer_ref FOREIGN KEY (customer_id) REFERENCES public.customer(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_area_id_4f95154c_fk_area_ref FOREIGN KEY (area_id) REFERENCES public.area(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_premise_id_f916574c_fk_premise_ref FOREIGN KEY (premise_id) REFERENCES public.premise(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_brand
    ADD CONSTRAINT drafts_brand_latest_revision_id_c7984990_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_brand
    ADD CONSTRAINT drafts_brand_live_revision_id_ed55c6ff_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_brand
    ADD CONSTRAINT drafts_brand_locked_by_id_9acba57a_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_communication
    ADD CONSTRAINT drafts_communication_latest_revision_id_180e76d9_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_communication
    ADD CONSTRAINT drafts_communication_live_revision_id_b11d1585_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_communication
    ADD CONSTRAINT drafts_communication_locked_by_id_acdf5fbb_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_datacontract
    ADD CONSTRAINT drafts_datacontract_latest_revision_id_05dc4ff6_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_datacontract
    ADD CONSTRAINT drafts_datacontract_live_revision_id_2a288e0c_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_datacontract
    ADD CONSTRAINT drafts_datacontract_locked_by_id_486c0967_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_edition
    ADD CONSTRAINT drafts_edition_communication_id_a4eb5a9c_fk_drafts_co FOREIGN KEY (communication_id) REFERENCES public.drafts_communication(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_edition
    ADD CONSTRAINT drafts_edition_latest_revision_id_b8496ed3_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_edition
    ADD CONSTRAINT drafts_edition_live_revision_id_4dffdfb2_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_edition
    ADD CONSTRAINT drafts_edition_locked_by_id_fa2022e3_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_image
    ADD CONSTRAINT drafts_image_latest_revision_id_d9a0ff09_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_image
    ADD CONSTRAINT drafts_image_live_revision_id_a35445b0_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_image
    ADD CONSTRAINT drafts_image_locked_by_id_76bee9bc_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_insert
    ADD CONSTRAINT drafts_insert_latest_revision_id_7b37e91d_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_insert
    ADD CONSTRAINT drafts_insert_live_revision_id_4d36c412_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_insert
    ADD CONSTRAINT drafts_insert_locked_by_id_52bd85ea_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_language
    ADD CONSTRAINT drafts_language_latest_revision_id_f5c1a0d5_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_language
    ADD CONSTRAINT drafts_language_live_revision_id_a508f441_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_language
    ADD CONSTRAINT drafts_language_locked_by_id_702012b9_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_layout
    ADD CONSTRAINT drafts_layout_latest_revision_id_00181c7b_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_layout
    ADD CONSTRAINT drafts_layout_live_revision_id_5aa24bda_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_layout
    ADD CONSTRAINT drafts_layout_locked_by_id_78a72f35_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_policy
    ADD CONSTRAINT drafts_policy_latest_revision_id_4b2d96d7_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_policy
    ADD CONSTRAINT drafts_policy_live_revision_id_3908833a_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_policy
    ADD CONSTRAINT drafts_policy_locked_by_id_bc257c66_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_segment
    ADD CONSTRAINT drafts_segment_latest_revision_id_782af7db_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_segment
    ADD CONSTRAINT drafts_segment_live_revision_id_944c236a_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_segment
    ADD CONSTRAINT drafts_segment_locked_by_id_19372d85_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_sharedtext
    ADD CONSTRAINT drafts_sharedtext_latest_revision_id_5f1d60b8_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_sharedtext
    ADD CONSTRAINT drafts_sharedtext_live_revision_id_9332e1d2_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_sharedtext
    ADD CONSTRAINT drafts_sharedtext_locked_by_id_734ee353_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_trigger
    ADD CONSTRAINT drafts_trigger_latest_revision_id_807bab2e_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_trigger
    ADD CONSTRAINT drafts_trigger_live_revision_id_9abe61e1_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.drafts_trigger
    ADD CONSTRAINT drafts_trigger_locked_by_id_4dbc2ca7_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.estimate
    ADD CONSTRAINT estimate_incident_id_401cdefc_fk_incident_ref FOREIGN KEY (incident_id) REFERENCES public.incident(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.live_item
    ADD CONSTRAINT live_item_digest_be456ac1_fk_item_version_digest FOREIGN KEY (digest) REFERENCES public.item_version(digest) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.live_item
    ADD CONSTRAINT live_item_release_d83ccf42_fk_release_ref FOREIGN KEY (release) REFERENCES public.release(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_accesstoken
    ADD CONSTRAINT oauth2_provider_acce_application_id_b22886e1_fk_oauth2_pr FOREIGN KEY (application_id) REFERENCES public.oauth2_provider_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_accesstoken
    ADD CONSTRAINT oauth2_provider_acce_id_token_id_85db651b_fk_oauth2_pr FOREIGN KEY (id_token_id) REFERENCES public.oauth2_provider_idtoken(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_accesstoken
    ADD CONSTRAINT oauth2_provider_acce_source_refresh_token_e66fbc72_fk_oauth2_pr FOREIGN KEY (source_refresh_token_id) REFERENCES public.oauth2_provider_refreshtoken(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_accesstoken
    ADD CONSTRAINT oauth2_provider_accesstoken_user_id_6e4c9a65_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_application
    ADD CONSTRAINT oauth2_provider_application_user_id_79829054_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_devicegrant
    ADD CONSTRAINT oauth2_provider_devicegrant_user_id_1cec5156_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_grant
    ADD CONSTRAINT oauth2_provider_gran_application_id_81923564_fk_oauth2_pr FOREIGN KEY (application_id) REFERENCES public.oauth2_provider_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_grant
    ADD CONSTRAINT oauth2_provider_grant_user_id_e8f62af8_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_idtoken
    ADD CONSTRAINT oauth2_provider_idto_application_id_08c5ff4f_fk_oauth2_pr FOREIGN KEY (application_id) REFERENCES public.oauth2_provider_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_idtoken
    ADD CONSTRAINT oauth2_provider_idtoken_user_id_dd512b59_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_refreshtoken
    ADD CONSTRAINT oauth2_provider_refr_access_token_id_775e84e8_fk_oauth2_pr FOREIGN KEY (access_token_id) REFERENCES public.oauth2_provider_accesstoken(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_refreshtoken
    ADD CONSTRAINT oauth2_provider_refr_application_id_2d1c311b_fk_oauth2_pr FOREIGN KEY (application_id) REFERENCES public.oauth2_provider_application(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.oauth2_provider_refreshtoken
    ADD CONSTRAINT oauth2_provider_refreshtoken_user_id_da837fce_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.preference
    ADD CONSTRAINT preference_customer_id_fe6f8555_fk_customer_ref FOREIGN KEY (customer_id) REFERENCES public.customer(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.premise
    ADD CONSTRAINT premise_area_id_3a34ed70_fk_area_ref FOREIGN KEY (area_id) REFERENCES public.area(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_body_id_b9d787ec_fk_body_id FOREIGN KEY (body_id) REFERENCES public.body(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.release_change
    ADD CONSTRAINT release_change_release_804e7993_fk_release_ref FOREIGN KEY (release) REFERENCES public.release(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.release_comment
    ADD CONSTRAINT release_comment_release_82f8309a_fk_release_ref FOREIGN KEY (release) REFERENCES public.release(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.release_content
    ADD CONSTRAINT release_content_release_6e15a4e4_fk_release_ref FOREIGN KEY (release) REFERENCES public.release(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.release_sign_off
    ADD CONSTRAINT release_sign_off_release_e87a909d_fk_release_ref FOREIGN KEY (release) REFERENCES public.release(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.replay_case
    ADD CONSTRAINT replay_case_replay_id_d5545ae2_fk_replay_ref FOREIGN KEY (replay_id) REFERENCES public.replay(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.review_asked
    ADD CONSTRAINT review_asked_release_a57fcb3f_fk_release_ref FOREIGN KEY (release) REFERENCES public.release(ref) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.taggit_taggeditem
    ADD CONSTRAINT taggit_taggeditem_content_type_id_9957a03c_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.taggit_taggeditem
    ADD CONSTRAINT taggit_taggeditem_tag_id_f4f5b767_fk_taggit_tag_id FOREIGN KEY (tag_id) REFERENCES public.taggit_tag(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.template_version
    ADD CONSTRAINT template_version_communication_id_74112cc3_fk_communica FOREIGN KEY (communication_id) REFERENCES public.communication_type(name) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailadmin_editingsession
    ADD CONSTRAINT wagtailadmin_editing_content_type_id_4df7730e_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailadmin_editingsession
    ADD CONSTRAINT wagtailadmin_editingsession_user_id_6e1a9b70_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailadmin_formstate
    ADD CONSTRAINT wagtailadmin_formsta_content_type_id_e32438b3_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailadmin_formstate
    ADD CONSTRAINT wagtailadmin_formstate_user_id_b910adc2_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_apitoken
    ADD CONSTRAINT wagtailcore_apitoken_user_id_49b1141b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_collectionviewrestriction
    ADD CONSTRAINT wagtailcore_collecti_collection_id_761908ec_fk_wagtailco FOREIGN KEY (collection_id) REFERENCES public.wagtailcore_collection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_collectionviewrestriction_groups
    ADD CONSTRAINT wagtailcore_collecti_collectionviewrestri_47320efd_fk_wagtailco FOREIGN KEY (collectionviewrestriction_id) REFERENCES public.wagtailcore_collectionviewrestriction(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_collectionviewrestriction_groups
    ADD CONSTRAINT wagtailcore_collecti_group_id_1823f2a3_fk_auth_grou FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_comment
    ADD CONSTRAINT wagtailcore_comment_page_id_108444b5_fk_wagtailcore_page_id FOREIGN KEY (page_id) REFERENCES public.wagtailcore_page(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_comment
    ADD CONSTRAINT wagtailcore_comment_resolved_by_id_a282aa0e_fk_auth_user_id FOREIGN KEY (resolved_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_comment
    ADD CONSTRAINT wagtailcore_comment_revision_created_id_1d058279_fk_wagtailco FOREIGN KEY (revision_created_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_comment
    ADD CONSTRAINT wagtailcore_comment_user_id_0c577ca6_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_commentreply
    ADD CONSTRAINT wagtailcore_commentr_comment_id_afc7e027_fk_wagtailco FOREIGN KEY (comment_id) REFERENCES public.wagtailcore_comment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_commentreply
    ADD CONSTRAINT wagtailcore_commentreply_user_id_d0b3b9c3_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupapprovaltask_groups
    ADD CONSTRAINT wagtailcore_groupapp_group_id_2e64b61f_fk_auth_grou FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupapprovaltask_groups
    ADD CONSTRAINT wagtailcore_groupapp_groupapprovaltask_id_9a9255ea_fk_wagtailco FOREIGN KEY (groupapprovaltask_id) REFERENCES public.wagtailcore_groupapprovaltask(task_ptr_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupapprovaltask
    ADD CONSTRAINT wagtailcore_groupapp_task_ptr_id_cfe58781_fk_wagtailco FOREIGN KEY (task_ptr_id) REFERENCES public.wagtailcore_task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupcollectionpermission
    ADD CONSTRAINT wagtailcore_groupcol_collection_id_5423575a_fk_wagtailco FOREIGN KEY (collection_id) REFERENCES public.wagtailcore_collection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupcollectionpermission
    ADD CONSTRAINT wagtailcore_groupcol_group_id_05d61460_fk_auth_grou FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupcollectionpermission
    ADD CONSTRAINT wagtailcore_groupcol_permission_id_1b626275_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_grouppagepermission
    ADD CONSTRAINT wagtailcore_grouppag_group_id_fc07e671_fk_auth_grou FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_grouppagepermission
    ADD CONSTRAINT wagtailcore_grouppag_page_id_710b114a_fk_wagtailco FOREIGN KEY (page_id) REFERENCES public.wagtailcore_page(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_grouppagepermission
    ADD CONSTRAINT wagtailcore_grouppag_permission_id_05acb22e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupsitepermission
    ADD CONSTRAINT wagtailcore_groupsit_group_id_e5cdbee4_fk_auth_grou FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupsitepermission
    ADD CONSTRAINT wagtailcore_groupsit_permission_id_459b1f38_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_groupsitepermission
    ADD CONSTRAINT wagtailcore_groupsit_site_id_245de488_fk_wagtailco FOREIGN KEY (site_id) REFERENCES public.wagtailcore_site(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_modellogentry
    ADD CONSTRAINT wagtailcore_modellog_content_type_id_68849e77_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_alias_of_id_12945502_fk_wagtailcore_page_id FOREIGN KEY (alias_of_id) REFERENCES public.wagtailcore_page(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_content_type_id_c28424df_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_latest_revision_id_e60fef51_fk_wagtailco FOREIGN KEY (latest_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_live_revision_id_930bd822_fk_wagtailco FOREIGN KEY (live_revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_locale_id_3c7e30a6_fk_wagtailcore_locale_id FOREIGN KEY (locale_id) REFERENCES public.wagtailcore_locale(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_locked_by_id_bcb86245_fk_auth_user_id FOREIGN KEY (locked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_page
    ADD CONSTRAINT wagtailcore_page_owner_id_fbf7c332_fk_auth_user_id FOREIGN KEY (owner_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_pagelogentry
    ADD CONSTRAINT wagtailcore_pageloge_content_type_id_74e7708a_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_revision
    ADD CONSTRAINT wagtailcore_pagerevision_user_id_2409d2f4_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_pagesubscription
    ADD CONSTRAINT wagtailcore_pagesubs_page_id_a085e7a6_fk_wagtailco FOREIGN KEY (page_id) REFERENCES public.wagtailcore_page(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_pagesubscription
    ADD CONSTRAINT wagtailcore_pagesubscription_user_id_89d7def9_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_pageviewrestriction_groups
    ADD CONSTRAINT wagtailcore_pageview_group_id_6460f223_fk_auth_grou FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_pageviewrestriction
    ADD CONSTRAINT wagtailcore_pageview_page_id_15a8bea6_fk_wagtailco FOREIGN KEY (page_id) REFERENCES public.wagtailcore_page(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_pageviewrestriction_groups
    ADD CONSTRAINT wagtailcore_pageview_pageviewrestriction__f147a99a_fk_wagtailco FOREIGN KEY (pageviewrestriction_id) REFERENCES public.wagtailcore_pageviewrestriction(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_referenceindex
    ADD CONSTRAINT wagtailcore_referenc_base_content_type_id_313cf40f_fk_django_co FOREIGN KEY (base_content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_referenceindex
    ADD CONSTRAINT wagtailcore_referenc_content_type_id_766e0336_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_referenceindex
    ADD CONSTRAINT wagtailcore_referenc_to_content_type_id_93690bbd_fk_django_co FOREIGN KEY (to_content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_revision
    ADD CONSTRAINT wagtailcore_revision_base_content_type_id_5b4ef7bd_fk_django_co FOREIGN KEY (base_content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_revision
    ADD CONSTRAINT wagtailcore_revision_content_type_id_c8cb69c0_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_site
    ADD CONSTRAINT wagtailcore_site_root_page_id_e02fb95c_fk_wagtailcore_page_id FOREIGN KEY (root_page_id) REFERENCES public.wagtailcore_page(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_task
    ADD CONSTRAINT wagtailcore_task_content_type_id_249ab8ba_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_taskstate
    ADD CONSTRAINT wagtailcore_taskstat_content_type_id_0a758fdc_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_taskstate
    ADD CONSTRAINT wagtailcore_taskstat_revision_id_df25a499_fk_wagtailco FOREIGN KEY (revision_id) REFERENCES public.wagtailcore_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_taskstate
    ADD CONSTRAINT wagtailcore_taskstat_workflow_state_id_9239a775_fk_wagtailco FOREIGN KEY (workflow_state_id) REFERENCES public.wagtailcore_workflowstate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_taskstate
    ADD CONSTRAINT wagtailcore_taskstate_finished_by_id_13f98229_fk_auth_user_id FOREIGN KEY (finished_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_taskstate
    ADD CONSTRAINT wagtailcore_taskstate_task_id_c3677c34_fk_wagtailcore_task_id FOREIGN KEY (task_id) REFERENCES public.wagtailcore_task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_uploadedfile
    ADD CONSTRAINT wagtailcore_uploaded_for_content_type_id_b0fc87b2_fk_django_co FOREIGN KEY (for_content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_uploadedfile
    ADD CONSTRAINT wagtailcore_uploaded_uploaded_by_user_id_c7580fe8_fk_auth_user FOREIGN KEY (uploaded_by_user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowstate
    ADD CONSTRAINT wagtailcore_workflow_base_content_type_id_a30dc576_fk_django_co FOREIGN KEY (base_content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowstate
    ADD CONSTRAINT wagtailcore_workflow_content_type_id_2bb78ce1_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowcontenttype
    ADD CONSTRAINT wagtailcore_workflow_content_type_id_b261bb37_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowstate
    ADD CONSTRAINT wagtailcore_workflow_current_task_state_i_3a1a0632_fk_wagtailco FOREIGN KEY (current_task_state_id) REFERENCES public.wagtailcore_taskstate(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowpage
    ADD CONSTRAINT wagtailcore_workflow_page_id_81e7bab6_fk_wagtailco FOREIGN KEY (page_id) REFERENCES public.wagtailcore_page(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowstate
    ADD CONSTRAINT wagtailcore_workflow_requested_by_id_4090bca3_fk_auth_user FOREIGN KEY (requested_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowtask
    ADD CONSTRAINT wagtailcore_workflow_task_id_ce7716fe_fk_wagtailco FOREIGN KEY (task_id) REFERENCES public.wagtailcore_task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowstate
    ADD CONSTRAINT wagtailcore_workflow_workflow_id_1f18378f_fk_wagtailco FOREIGN KEY (workflow_id) REFERENCES public.wagtailcore_workflow(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowpage
    ADD CONSTRAINT wagtailcore_workflow_workflow_id_56f56ff6_fk_wagtailco FOREIGN KEY (workflow_id) REFERENCES public.wagtailcore_workflow(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowcontenttype
    ADD CONSTRAINT wagtailcore_workflow_workflow_id_9aad7cd2_fk_wagtailco FOREIGN KEY (workflow_id) REFERENCES public.wagtailcore_workflow(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailcore_workflowtask
    ADD CONSTRAINT wagtailcore_workflow_workflow_id_b9717175_fk_wagtailco FOREIGN KEY (workflow_id) REFERENCES public.wagtailcore_workflow(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtaildocs_document
    ADD CONSTRAINT wagtaildocs_document_collection_id_23881625_fk_wagtailco FOREIGN KEY (collection_id) REFERENCES public.wagtailcore_collection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtaildocs_document
    ADD CONSTRAINT wagtaildocs_document_uploaded_by_user_id_17258b41_fk_auth_user FOREIGN KEY (uploaded_by_user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailimages_image
    ADD CONSTRAINT wagtailimages_image_collection_id_c2f8af7e_fk_wagtailco FOREIGN KEY (collection_id) REFERENCES public.wagtailcore_collection(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailimages_image
    ADD CONSTRAINT wagtailimages_image_uploaded_by_user_id_5d73dc75_fk_auth_user FOREIGN KEY (uploaded_by_user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailimages_rendition
    ADD CONSTRAINT wagtailimages_rendit_image_id_3e1fd774_fk_wagtailim FOREIGN KEY (image_id) REFERENCES public.wagtailimages_image(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailsearch_indexentry
    ADD CONSTRAINT wagtailsearch_indexe_content_type_id_62ed694f_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.wagtailusers_userprofile
    ADD CONSTRAINT wagtailusers_userprofile_user_id_59c92331_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

