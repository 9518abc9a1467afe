# Asks the service of this container whether it can do its work. The exit status is what the engine shows; the answer, which
# names what is missing, is kept in the container's health log. In bash alone: Node takes 60 ms of processor to start.
set -eu
exec 3<>"/dev/tcp/127.0.0.1/$CUSTOS_HTTP_PORT"
printf 'GET /health/ready HTTP/1.0\r\n\r\n' >&3
read -r -t 4 _ status _ <&3
timeout 4 cat <&3 | tail -n 1
[ "$status" = 200 ]
