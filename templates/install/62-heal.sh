# ---- mending by itself -----------------------------------------------------------------------------------------

# A small script and a timer that runs it. It mends the tunnel from what lies on this machine, tells nobody, and asks
# the hub for nothing but its next key, its wish of routes and, when it is not found any more, its endpoints. The machine stays connected
# without it, so whatever fails here is only told.
install_heal() {
    if [ $HEAL = no ]; then
        remove_heal
        return
    fi
    if heal_script | private_file "$HEAL_SCRIPT" && start_heal_timer; then
        return
    fi
    remove_heal
    warn "the tunnel will not mend itself: there is neither systemd nor cron here, or $DIR cannot be written."
}

start_heal_timer() {
    case $SERVICE in
    systemd)
        heal_service >"$HEAL_UNIT.service" && heal_timer >"$HEAL_UNIT.timer" || return
        systemctl -q enable "$HEAL_TIMER"    # makes systemd read the two files, too
        systemctl restart "$HEAL_TIMER"
        ;;
    launchd) start_heal_by_launchd ;;
    *) start_heal_by_cron ;;
    esac 2>/dev/null
}

remove_heal() {
    case $SERVICE in
    systemd)
        [ ! -f "$HEAL_UNIT.timer" ] || systemctl -q disable --now "$HEAL_TIMER"
        rm -f "$HEAL_UNIT.timer" "$HEAL_UNIT.service"
        ;;
    launchd) stop_heal_by_launchd ;;
    *) stop_heal_by_cron ;;
    esac 2>/dev/null
    rm -f "$HEAL_SCRIPT" "$NEXT_HUB" "$DIR/wghub-$IF.before" "$RUN/wghub-$IF.trouble" "$RUN/wghub-$IF.asked" "$RUN/wghub-$IF.looked"
}

# A folder for crontabs may lie there without anybody who reads it.
start_heal_by_cron() {
    have cron || have crond || return
    if [ -d "$ROOT/etc/cron.d" ]; then
        echo "* * * * * root /bin/sh $HEAL_SCRIPT" >"$ROOT/etc/cron.d/wghub-heal-$IF"
    elif [ -d "$ROOT/etc/crontabs" ]; then    # busybox
        stop_heal_by_cron
        echo "* * * * * /bin/sh $HEAL_SCRIPT" >>"$ROOT/etc/crontabs/root"
        echo root >"$ROOT/etc/crontabs/cron.update"
    else
        return 1
    fi
}

stop_heal_by_cron() {
    rm -f "$ROOT/etc/cron.d/wghub-heal-$IF"
    grep -q "$HEAL_SCRIPT" "$ROOT/etc/crontabs/root" || return 0
    grep -v "$HEAL_SCRIPT" "$ROOT/etc/crontabs/root" >"$TMP/crontab"
    cat "$TMP/crontab" >"$ROOT/etc/crontabs/root"
    echo root >"$ROOT/etc/crontabs/cron.update"
}

# The bars leave the journal alone while there is nothing to tell. None of them needs a mount namespace, which a
# container without nesting refuses.
heal_service() {
    cat <<EOF
# Managed by WgHub.
[Unit]
Description=Mends the tunnel $IF when the hub does not answer
ConditionPathExists=$CONF

[Service]
Type=oneshot
ExecStart=/bin/sh $HEAL_SCRIPT
TimeoutStartSec=90
SyslogLevel=notice
LogLevelMax=notice
UMask=0077
CapabilityBoundingSet=CAP_NET_ADMIN
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
EOF
}

heal_timer() {
    cat <<EOF
# Managed by WgHub.
[Unit]
Description=Mends the tunnel $IF when the hub does not answer

[Timer]
OnActiveSec=15
OnUnitInactiveSec=30
AccuracySec=5

[Install]
WantedBy=timers.target
EOF
}

