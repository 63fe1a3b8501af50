-- A program that may publish by SQL does not write into the chat's conversations: nobody is made to say what they did not. Where there is no
-- chat there are no conversations either.
create or replace function tutti.publish(stream text, type text, data jsonb, key text default null) returns bigint
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_variable
declare
    content bytea;
    result record;
begin
    if stream is null or stream collate "C" !~ '^[a-z][a-z0-9-]{0,31}:[A-Za-z0-9._~:-]{1,128}$' then
        raise exception 'bad_request: stream name % is not of the form kind:id, with a kind of 1 to 32 characters of [a-z0-9-] and an id of 1 to 128 characters of [A-Za-z0-9._~:-]',
            coalesce(quote_literal(left(stream, 161)), 'null') using errcode = 'invalid_parameter_value';
    end if;
    if split_part(stream, ':', 1) in ('socketio', 'job', 'audit') then
        raise exception 'forbidden: streams of the kind % are those of the server itself', split_part(stream, ':', 1)
            using errcode = 'insufficient_privilege';
    end if;
    if split_part(stream, ':', 1) = 'conversation' and to_regclass('tutti.conversation') is not null then
        -- apart, because a statement that is reached is planned, and needs the table
        if exists (select from tutti.conversation c where c.id = substr(stream, 14)) then
            raise exception 'forbidden: % is a conversation, into which the chat alone writes', stream
                using errcode = 'insufficient_privilege';
        end if;
    end if;
    if type is null or type collate "C" !~ '^[A-Za-z0-9._:-]{1,64}$' then
        raise exception 'bad_request: event type % is not 1 to 64 characters of [A-Za-z0-9._:-]',
            coalesce(quote_literal(left(type, 64)), 'null') using errcode = 'invalid_parameter_value';
    end if;
    if key collate "C" !~ '^[!-~]{1,64}$' then
        raise exception 'bad_request: event key % is not 1 to 64 printable ASCII characters without spaces',
            quote_literal(left(key, 64)) using errcode = 'invalid_parameter_value';
    end if;
    if data is null then
        raise exception 'bad_request: event data is null; the JSON null is ''null''::jsonb'
            using errcode = 'invalid_parameter_value';
    end if;
    content := convert_to(data::text, 'UTF8');
    if octet_length(content) > 262144 then
        raise exception 'too_large: event data has % bytes; allowed are 1 to 262144', octet_length(content)
            using errcode = 'program_limit_exceeded';
    end if;

    select a.seq, a.repeated into result from tutti.append(array[stream], array[type], array[key], array[content]) a;
    if not result.repeated then
        perform pg_notify('tutti_published', stream || ' ' || result.seq);
    end if;
    return result.seq;
end
$$;
