-- Mails of Kratos that were sent (2) or given up (4) more than 30 days ago, and the record of each try; those that wait (1)
-- or are on their way (3) stay. Run by the role that Kratos has. Repeating it changes nothing.
\set ON_ERROR_STOP on
DELETE FROM public.courier_messages WHERE status IN (2, 4) AND created_at < now() - interval '30 days';
