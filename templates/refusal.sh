#!/bin/sh
# shellcheck disable=SC1083,SC2241  # the double braces are holes: the hub fills each with one quoted word
# WgHub sends this instead of the script that was asked for: there is none, and nothing is changed here.
# The braces make a line that was cut short an error.
{
    printf 'wghub: %s\n' {{ reason }} >&2
    case " $* " in
    *' --uninstall '* | *' --check '*) echo 'wghub: For that the line needs no token: write "rotate" in its place.' >&2 ;;
    esac
    exit {{ exitCode }}
}
