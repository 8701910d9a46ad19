# ---- Proxmox VE ------------------------------------------------------------------------------------------------

is_proxmox() { have pveversion; }

# A cluster's token has no name for its spokes: each brings its node's along.
name_spoke() {
    [ -z "$SPOKE" ] || return 0
    SPOKE=$(pve_node)
    is_proxmox || [ $ACTION != install ] || die $NOT_READY "this line is for the nodes of a Proxmox VE cluster, and this machine is none." \
        "Make a token for it alone at the hub, and paste its line here."
}

# Nothing but pmxcfs is needed to read this, no quorum and no service. cat, because the size of such a file may be a lie.
pve_members() { cat "$ROOT/etc/pve/.members" 2>/dev/null; }

# The host's own name may be a long one, or have been changed since.
pve_node() {
    node=$(pve_members | sed -n 's/^"nodename": "\([^"]*\)",\{0,1\}$/\1/p')
    [ -n "$node" ] || node=$(uname -n)
    echo "${node%%.*}"
}

# This file is there while pmxcfs is down, too.
pve_cluster() {
    cluster=$(pve_members | sed -n 's/^"cluster": { "name": "\([^"]*\)".*/\1/p')
    [ -n "$cluster" ] ||
        cluster=$(cat "$ROOT/etc/pve/corosync.conf" "$ROOT/etc/corosync/corosync.conf" 2>/dev/null |
            sed -n 's/^[[:space:]]*cluster_name:[[:space:]]*//p' | head -n 1)
    echo "$cluster"
}

pve_version() { pveversion 2>/dev/null | head -n 1; }

# Its own addresses on its bridges: a virtual machine may be in the networks of those.
pve_bridges() {
    ip -o address show scope global 2>/dev/null |
        sed -nE 's/^[0-9]+: (vmbr[0-9]{1,4}) +inet6? ([0-9a-f.:]+\/[0-9]+) .*/\1=\2/p' | head -n 20 | tr '\n' ' ' | sed 's/ $//'
}

pve_words() {
    cluster=$(pve_cluster)
    echo "node $(pve_node) of ${cluster:+the cluster $cluster, }Proxmox VE $(pve_version | sed 's/^[^/]*\/\([^/]*\).*/\1/')"
}

# Members of the request. The hub reads the cluster's nodes out of the whole text: sed would see what it expects.
describe_proxmox() {
    if ! is_proxmox; then
        echo '"isProxmox":false,'
        return
    fi
    printf '"isProxmox":true,"proxmoxNodeName":"%s","proxmoxVersion":"%s",' "$(json "$(pve_node)")" "$(json "$(pve_version)")"
    printf '"proxmoxBridges":"%s",' "$(json "$(pve_bridges)")"
    told=$(pve_members)
    if [ -n "$told" ]; then
        printf '"proxmoxMembers":"%s",\n' "$(json "$told")"
        return
    fi
    told=$(pvesh get /cluster/status --output-format json 2>/dev/null)
    if [ -n "$told" ]; then
        printf '"proxmoxStatus":"%s",\n' "$(json "$told")"
    else
        printf '"proxmoxClusterName":"%s",\n' "$(json "$(pve_cluster)")"
    fi
}

# Looked at, never changed. The answers to what we send come in by any of its policies.
look_at_pve_firewall() {
    is_proxmox && pve-firewall status 2>/dev/null | grep -q '^Status: enabled' || return 0
    if grep -Eiqs '^policy_out: *(DROP|REJECT)' "$ROOT/etc/pve/firewall/cluster.fw"; then
        warn "the firewall of Proxmox VE lets nothing out that no rule allows: the tunnel needs UDP to $(setting Endpoint)."
    else
        say "the firewall of Proxmox VE is on: whoever is to reach this node through the tunnel needs a rule there."
    fi
}

# What apt could not read. The enterprise repository says 401 without a subscription, which by itself stops nothing.
failed_repositories() {
    sed -n 's/.*Failed to fetch \([^ ]*\) *\([^[]*\).*/Not read: \1 \2./p' "$TMP/packages" | head -n 3 | tr -s ' \n' '  ' | plain
}

# One is root on a Proxmox VE node, and there is no sudo.
root_shell() { if have sudo; then echo 'sudo sh'; else echo sh; fi; }

