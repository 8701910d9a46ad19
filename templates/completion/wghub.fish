# fish completion for wghub
function __wghub_complete
    set -l words (commandline -opc) (commandline -ct)
    wghub complete -- $words[2..-1] 2>/dev/null
end
complete -c wghub -a '(__wghub_complete)'
