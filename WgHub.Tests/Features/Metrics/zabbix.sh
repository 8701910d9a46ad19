#!/bin/sh
# A real Zabbix 6.0 for the tests: database, server and pages in a Debian root of their own, on 127.0.0.1:8088 of the caller's network.
#
# usage: zabbix.sh make ROOT      a Debian 12 with its packages, some 800 MB
#        zabbix.sh serve ROOT     starts all of it, and stops it on SIGTERM; the first time it fills the database: minutes
set -eu

root=$2
packages=zabbix-server-pgsql,zabbix-frontend-php,php-cli,php-pgsql,php-mbstring,php-xml,php-gd,php-bcmath,php-curl,postgresql

if [ "$1" = make ]; then
    exec mmdebstrap --variant=minbase --include="$packages" bookworm "$root"
fi

inside() { chroot "$root" "$@"; }
as() { inside su -s /bin/sh "$1" -c "$2"; }
sql() { as postgres "psql -q -v ON_ERROR_STOP=1 $1"; }

cluster=/var/lib/postgresql/15/main
mkdir -p "$root/run/postgresql" "$root/run/zabbix" "$root/etc/zabbix"
inside chown postgres /run/postgresql
inside chown zabbix /run/zabbix
[ -e "$root$cluster" ] || inside pg_createcluster 15 main
rm -f "$root$cluster/postmaster.pid"

# Nothing here has to outlive a power cut, and a root without /dev/shm shares memory by files.
as postgres "/usr/lib/postgresql/15/bin/pg_ctl -D $cluster -w start -l /var/lib/postgresql/test.log \
    -o '-c config_file=/etc/postgresql/15/main/postgresql.conf -c listen_addresses=127.0.0.1 -c fsync=off -c dynamic_shared_memory_type=mmap'"
server='' pages=''
# shellcheck disable=SC2086 # none, or one word each
trap 'kill $server $pages 2>/dev/null; as postgres "/usr/lib/postgresql/15/bin/pg_ctl -D $cluster -m fast stop"' EXIT
trap 'exit 0' TERM

if ! sql "-l" | grep -q ' zabbix '; then
    echo "create user zabbix password 'zabbix'; create database zabbix owner zabbix encoding 'UTF8' template template0;" | sql postgres
    for part in schema images data; do
        zcat "$root/usr/share/zabbix-server-pgsql/$part.sql.gz" | PGPASSWORD=zabbix inside psql -q -1 -h 127.0.0.1 -U zabbix zabbix >/dev/null
    done
fi

cat >"$root/etc/zabbix/zabbix_server.conf" <<'CONF'
DBHost=127.0.0.1
DBName=zabbix
DBUser=zabbix
DBPassword=zabbix
LogType=console
ListenIP=127.0.0.1
StartPollers=2
CacheUpdateFrequency=5
PidFile=/run/zabbix/zabbix_server.pid
SocketDir=/run/zabbix
CONF
cat >"$root/etc/zabbix/zabbix.conf.php" <<'CONF'
<?php
global $DB;
$DB['TYPE'] = 'POSTGRESQL'; $DB['SERVER'] = '127.0.0.1'; $DB['PORT'] = '5432'; $DB['DATABASE'] = 'zabbix'; $DB['USER'] = 'zabbix';
$DB['PASSWORD'] = 'zabbix'; $DB['SCHEMA'] = ''; $DB['ENCRYPTION'] = false; $DB['DOUBLE_IEEE754'] = true;
$ZBX_SERVER = '127.0.0.1'; $ZBX_SERVER_PORT = '10051'; $ZBX_SERVER_NAME = 'test'; $IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
CONF
cp "$root/etc/zabbix/zabbix.conf.php" "$root/usr/share/zabbix/conf/"

as zabbix 'exec /usr/sbin/zabbix_server -f -c /etc/zabbix/zabbix_server.conf' >"$root/tmp/server.log" 2>&1 &
server=$!
inside php -d post_max_size=16M -d max_execution_time=300 -d memory_limit=256M -d max_input_time=300 -S 127.0.0.1:8088 -t /usr/share/zabbix \
    >"$root/tmp/pages.log" 2>&1 &
pages=$!
wait
