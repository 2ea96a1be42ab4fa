#!/bin/bash
# A few calls of the shop.
set -e
BASE=https://api.shop.example

curl -sS -X POST "$BASE/login" \
  -H 'Content-Type: application/json' \
  -d '{"user": "ann", "password": "pass"}' | jq -r .token

curl -sS "$BASE/orders?page=2&sort=-date" -H "Authorization: Bearer $TOKEN" -k
curl "$BASE/orders/{id}" -X DELETE -u ann:pass --retry 3
curl "$BASE/photos" -F 'photo=@photo.png;type=image/png' -F title=Sea
curl --json @- "$BASE/orders" <<'END'
{"items": [1, 2], "note": "{{not ours}}"}
END
