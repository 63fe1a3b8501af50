-- Rows as a release wrote them that had version 4 of the tables of accounts and chat, and version 8 of those of the log.

insert into tutti.user (id, name, display_name, search_name, password_hash) values
    ('aaaaaaaaaaaaaaaaaaaaaaaa', 'ann', 'Ann', 'ann',
     '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'), -- of "password"
    ('bbbbbbbbbbbbbbbbbbbbbbbb', 'bob', 'Bob', 'bob',
     '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'),
    ('cccccccccccccccccccccccc', 'cem', 'Cem', 'cem',
     '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc');

-- The refresh token is 32 bytes of 0x11, which stay, and 32 bytes of 0x22.
insert into tutti.user_session (id, user_id, family_hash, token_hashes, expires_at) values
    ('111111111111111111111111', 'aaaaaaaaaaaaaaaaaaaaaaaa', sha256(decode(repeat('11', 32), 'hex')),
     array[sha256(decode(repeat('22', 32), 'hex'))], now() + interval '30 days');

insert into tutti.last_seen (user_id, at) values
    ('bbbbbbbbbbbbbbbbbbbbbbbb', '2026-01-01T12:00:00Z');

-- Ann and Bob talk, and Ann has read what Bob said.
insert into tutti.conversation (id, kind, pair, member_count) values
    ('dddddddddddddddddddddddd', 'direct', 'aaaaaaaaaaaaaaaaaaaaaaaa,bbbbbbbbbbbbbbbbbbbbbbbb', 2);

insert into tutti.member (conversation_id, user_id, joined_seq, read_seq) values
    ('dddddddddddddddddddddddd', 'aaaaaaaaaaaaaaaaaaaaaaaa', 0, 2),
    ('dddddddddddddddddddddddd', 'bbbbbbbbbbbbbbbbbbbbbbbb', 0, 0);

insert into tutti.conversation_tail (conversation_id, message_seq) values
    ('dddddddddddddddddddddddd', 2);

select tutti.append(
    array_fill('conversation:dddddddddddddddddddddddd'::text, array[3]),
    array['message', 'message', 'read'],
    array['aaaaaaaaaaaaaaaaaaaaaaaa.m1', 'bbbbbbbbbbbbbbbbbbbbbbbb.m1', null],
    array[
        convert_to('{"sender":"aaaaaaaaaaaaaaaaaaaaaaaa","text":"shall we row to the island"}', 'UTF8'),
        convert_to('{"sender":"bbbbbbbbbbbbbbbbbbbbbbbb","text":"at noon by the old pier"}', 'UTF8'),
        convert_to('{"user":"aaaaaaaaaaaaaaaaaaaaaaaa","seq":2}', 'UTF8')
    ]);

-- Ann has a group with Bob, in which she has edited her message and deleted his.
insert into tutti.conversation (id, kind, title, search_title, open, member_count) values
    ('eeeeeeeeeeeeeeeeeeeeeeee', 'group', 'Boats', 'boats', true, 2);

insert into tutti.member (conversation_id, user_id, owner, joined_seq, read_seq) values
    ('eeeeeeeeeeeeeeeeeeeeeeee', 'aaaaaaaaaaaaaaaaaaaaaaaa', true, 0, 0),
    ('eeeeeeeeeeeeeeeeeeeeeeee', 'bbbbbbbbbbbbbbbbbbbbbbbb', false, 0, 0);

insert into tutti.message_change (conversation_id, seq, changed_seq, changed_at, text) values
    ('eeeeeeeeeeeeeeeeeeeeeeee', 1, 3, now(), 'the regatta is on Monday'),
    ('eeeeeeeeeeeeeeeeeeeeeeee', 2, 4, now(), null);

insert into tutti.conversation_tail (conversation_id, message_seq) values
    ('eeeeeeeeeeeeeeeeeeeeeeee', 2);

select tutti.append(
    array_fill('conversation:eeeeeeeeeeeeeeeeeeeeeeee'::text, array[4]),
    array['message', 'message', 'message.edited', 'message.deleted'],
    array['aaaaaaaaaaaaaaaaaaaaaaaa.m2', 'bbbbbbbbbbbbbbbbbbbbbbbb.m2', null, null],
    array[
        convert_to('{"sender":"aaaaaaaaaaaaaaaaaaaaaaaa","text":"the regatta is on Sunday"}', 'UTF8'),
        convert_to('{"sender":"bbbbbbbbbbbbbbbbbbbbbbbb","text":"cheap oars for sale"}', 'UTF8'),
        convert_to('{"seq":1,"sender":"aaaaaaaaaaaaaaaaaaaaaaaa","text":"the regatta is on Monday"}', 'UTF8'),
        convert_to('{"seq":2,"sender":"bbbbbbbbbbbbbbbbbbbbbbbb","by":"aaaaaaaaaaaaaaaaaaaaaaaa"}', 'UTF8')
    ]);

-- Cem has invited Ann, who has not answered.
insert into tutti.conversation (id, kind, pair, member_count) values
    ('ffffffffffffffffffffffff', 'direct', 'aaaaaaaaaaaaaaaaaaaaaaaa,cccccccccccccccccccccccc', 1);

insert into tutti.member (conversation_id, user_id, joined_seq, read_seq) values
    ('ffffffffffffffffffffffff', 'cccccccccccccccccccccccc', 0, 0);

insert into tutti.invitation (conversation_id, founder, invited, told) values
    ('ffffffffffffffffffffffff', 'cccccccccccccccccccccccc', 'aaaaaaaaaaaaaaaaaaaaaaaa', true);

select tutti.append(
    array['conversation:ffffffffffffffffffffffff'],
    array['message'],
    array['cccccccccccccccccccccccc.m1'],
    array[convert_to('{"sender":"cccccccccccccccccccccccc","text":"is there room in your boat"}', 'UTF8')]);

-- The inboxes of all three.
select tutti.append(
    array[
        'user:aaaaaaaaaaaaaaaaaaaaaaaa', 'user:aaaaaaaaaaaaaaaaaaaaaaaa', 'user:aaaaaaaaaaaaaaaaaaaaaaaa',
        'user:bbbbbbbbbbbbbbbbbbbbbbbb', 'user:bbbbbbbbbbbbbbbbbbbbbbbb', 'user:cccccccccccccccccccccccc'
    ],
    array[
        'conversation.joined', 'conversation.joined', 'invitation',
        'conversation.joined', 'conversation.joined', 'conversation.joined'
    ],
    array_fill(null::text, array[6]),
    array[
        convert_to('{"conversation":"dddddddddddddddddddddddd","after":0}', 'UTF8'),
        convert_to('{"conversation":"eeeeeeeeeeeeeeeeeeeeeeee","after":0}', 'UTF8'),
        convert_to(
            '{"conversation":"ffffffffffffffffffffffff",'
            '"by":{"id":"cccccccccccccccccccccccc","name":"cem","displayName":"Cem"}}',
            'UTF8'),
        convert_to('{"conversation":"dddddddddddddddddddddddd","after":0}', 'UTF8'),
        convert_to('{"conversation":"eeeeeeeeeeeeeeeeeeeeeeee","after":0}', 'UTF8'),
        convert_to('{"conversation":"ffffffffffffffffffffffff","after":0}', 'UTF8')
    ]);
