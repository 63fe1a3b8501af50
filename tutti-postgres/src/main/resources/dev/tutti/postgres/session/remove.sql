delete from tutti.session_attributes where session = any (:names)
