-- Mail of one Kratos (:domain), as lines for Prometheus, asked by the role that Kratos has.
SET default_transaction_read_only = on;
SET statement_timeout = '10s';

SELECT format('olympus_courier_failures_last_hour{domain="%s"} %s', :'domain', count(*))
FROM public.courier_message_dispatches WHERE status = 'failed' AND created_at > now() AT TIME ZONE 'UTC' - interval '1 hour';

-- 1 is queued, 3 is being sent; 2 is sent and 4 given up.
SELECT format('olympus_courier_oldest_queued_seconds{domain="%s"} %s', :'domain',
              coalesce(round(extract(epoch FROM now() AT TIME ZONE 'UTC' - min(created_at))), 0))
FROM public.courier_messages WHERE status IN (1, 3);
