delete from documents where tenant = $2 and noun = $3 and generation = $1 and key = $4
