# What an integrated fish runs after the user's start-up files: it parks until it is claimed,
# and leaves nothing but the marks. Synk puts the values of __synk_channel and __synk_nonce in
# front of it.
#
# The end of the prompt, mark B, is left out: it could only be put into fish_prompt itself,
# and `funcsave` would then write Synk's function into the user's configuration.

# Tells Synk something, in order with everything the shell has printed.
function __synk_tell
    builtin printf '\e]7733;%s;%s\a' $__synk_nonce $argv[1] >/dev/tty
end

# Waits for a claim. The end of the channel is the end of its owner, and a failure.
function __synk_wait
    builtin test -p $__synk_channel/call
    or return 1
    begin
        __synk_tell parked
        builtin read --local line
    end <$__synk_channel/call
end

# A claim is a list of calls of the four functions below. The first that fails refuses it.

function __synk_enter
    builtin test -d "$argv[1]" -a -x "$argv[1]"
    and builtin cd -- $argv[1] 2>/dev/null
    or builtin set -g __synk_refused directory
end

function __synk_unset
    if builtin test -z "$__synk_refused"
        if builtin set -qg -- $argv[1]
            builtin set -eg -- $argv[1] 2>/dev/null
            or builtin set -g __synk_refused environment
        end
    end
end

function __synk_set
    if builtin test -z "$__synk_refused"
        builtin set -gx -- $argv[1] $argv[2] 2>/dev/null
        or builtin set -g __synk_refused environment
    end
end

function __synk_run
    if builtin test -z "$__synk_refused"
        if not builtin set -q argv[1]
            __synk_tell claimed
        else if command -sq -- $argv[1]
            __synk_tell claimed
            exec $argv
        else
            builtin set -g __synk_refused program
        end
    end
end

function __synk_park
    while builtin true
        __synk_wait
        or return 1
        builtin set -g __synk_refused
        builtin source $__synk_channel/claim
        if builtin test -z "$__synk_refused"
            break
        end
        __synk_tell "refused;$__synk_refused"
        # The directory comes first, so nothing has changed when it is the directory.
        if builtin test "$__synk_refused" != directory
            return 1
        end
    end
end

# `exit` would not end the shell from here; a failure of this file does.
__synk_park
or return 1

# From version 4 on fish marks its prompt itself.
if builtin string match -qr '^[123]\.' -- $version
    function __synk_prompt --on-event fish_prompt
        builtin set -l code $status
        if builtin set -q __synk_ran
            builtin printf '\e]133;D;%s\a' $__synk_ran >/dev/tty
            builtin set -e __synk_ran
        end
        builtin printf '\e]7;file://%s%s\a\e]133;A\a' $hostname (builtin string escape --style=url -- $PWD) >/dev/tty
    end
    function __synk_preexec --on-event fish_preexec
        builtin printf '\e]133;C\a' >/dev/tty
    end
    function __synk_postexec --on-event fish_postexec
        builtin set -g __synk_ran $status
    end
end

builtin functions --erase __synk_tell __synk_wait __synk_enter __synk_unset __synk_set __synk_run __synk_park
builtin set --erase __synk_channel
builtin set --erase __synk_nonce
builtin set --erase __synk_refused
builtin true
