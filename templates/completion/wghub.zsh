#compdef wghub
_wghub() {
    local -a found
    found=("${(@f)$(wghub complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if (( ${#found} )) && [[ -n ${found[1]} ]]; then
        compadd -- "${found[@]}"
    else
        _files
    fi
}
if [ "${funcstack[1]}" = _wghub ]; then _wghub "$@"; else compdef _wghub wghub; fi
