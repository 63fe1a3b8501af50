select set_config('idle_in_transaction_session_timeout', :pause, true)
from tutti.lease l
where l.name = :name and l.token = :token
for key share
