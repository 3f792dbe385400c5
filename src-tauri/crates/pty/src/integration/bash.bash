# What an integrated bash reads in place of its own start-up files: it reads the user's, in
# bash's order, parks until it is claimed, and leaves nothing but the marks at the prompt.
# Synk puts the values of __synk_channel, __synk_nonce, __synk_login, and for a login shell
# __synk_environment (the user's own ENV) and __synk_given (which variables the environment
# has that bash gives a value otherwise) in front of it.
#
# Start-up files may define aliases and functions by any name. Functions here are read before
# the user's aliases exist, and commands are reached past functions with `builtin`. The prompt
# uses no command at all, only assignments and tests.

# Tells Synk something, in order with everything the shell has printed.
__synk_tell() {
  \builtin printf '\033]7733;%s;%s\a' "$__synk_nonce" "$1" >|/dev/tty
}

# Waits for a claim. The end of the channel is the end of its owner, and of this shell.
__synk_wait() {
  {
    __synk_tell parked
    # A TMOUT of the user's, which may be read-only, ends a read early.
    until \builtin read -r __synk_line; do
      [[ $? -gt 128 ]] || \builtin exit 1
    done
  } <"$__synk_channel/call" || \builtin exit 1
}

# A claim is a list of calls of the four functions below. The first that fails refuses it.

__synk_enter() {
  # `cd` alone may go to a folder of a similar name (cdspell).
  [[ -d $1 && -x $1 ]] && \builtin cd -- "$1" 2>/dev/null && [[ . -ef $1 ]] || __synk_refused=directory
}

__synk_unset() {
  [[ $__synk_refused ]] || \builtin unset -v "$1" 2>/dev/null || __synk_refused=environment
}

__synk_set() {
  [[ $__synk_refused ]] || \builtin export "$1=$2" 2>/dev/null || __synk_refused=environment
}

__synk_run() {
  if [[ -z $__synk_refused ]]; then
    if (($# == 0)); then
      __synk_tell claimed
    elif \builtin type -P "$1" >/dev/null; then
      __synk_tell claimed
      # At the prompt `exec` gives up what job control ignores; during start-up it does not,
      # but it always gives up traps.
      \builtin trap : TSTP TTIN TTOU
      \builtin exec "$@"
    else
      __synk_refused=program
    fi
  fi
}

__synk_park() {
  while ((1)); do
    __synk_wait
    __synk_refused=
    \builtin source "$__synk_channel/claim"
    [[ $__synk_refused ]] || break
    __synk_tell "refused;$__synk_refused"
    # The directory comes first, so nothing has changed when it is the directory.
    [[ $__synk_refused == directory ]] || \builtin exit 1
  done
}

# Keeps the marks in the prompt and the directory's address up to date. Bash shows the prompt
# with the exit status of the user's last command, whatever ran before the prompt.
__synk_prompt() {
  __synk_code=$?
  if [[ ${PWD-} != "$__synk_pwd" ]]; then
    __synk_pwd=${PWD-} __synk_url=${PWD-}
    case $__synk_url in *[!abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._~-]*) __synk_encode ;; esac
    __synk_url=$'\e]7;file://'${HOSTNAME-}$__synk_url$'\a'
  fi
  __synk_done=
  if ((__synk_ran)); then __synk_done=$'\e]133;D;'; fi
  if [[ $__synk_place == first ]]; then
    \builtin printf '%s' "${__synk_done:+$__synk_done$__synk_code$'\a'}$__synk_url"$'\e]133;A\a' >|/dev/tty
    ((__synk_ran = __synk_literal, 1))
    [[ ${PS1-} == *']133;B'* ]] || PS1=${PS1-}'\[\e]133;B\a\]'
  else
    __synk_ran=0
    [[ ${PS1-} == *']133;A'* ]] || PS1='\[${__synk_done:+$__synk_done$?\a}${__synk_url-}\e]133;A\a\]'${PS1-}'\[\e]133;B\a\]'
  fi
  if [[ ${PS0-} != *']133;C'* ]]; then
    if ((__synk_literal)); then
      PS0=${PS0-}'\e]133;C\a'
    else
      # The empty piece of the variable notes that a command runs.
      PS0=${PS0-}'\e]133;C\a${__synk_ran:$((__synk_ran = 1)):0}'
    fi
  fi
  # Before 5.1 commands that follow in PROMPT_COMMAND see this function's status.
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 501)) && [[ $- != *e* ]]; then
    \builtin return "$__synk_code"
  fi
  ((1))
}

# Percent-encodes __synk_url byte by byte.
__synk_encode() {
  \builtin local LC_ALL=C "path=$__synk_url" character code
  \builtin local -i at=0
  __synk_url=
  while ((at < ${#path})); do
    character=${path:at:1}
    case $character in
      [abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._~-]) ;;
      *)
        \builtin printf -v code '%d' "'$character"
        \builtin printf -v character '%%%02X' $((code & 255))
        ;;
    esac
    __synk_url+=$character
    at+=1
  done
}

# Finds a place where the marks disturb nothing that the user has set up. $1 is what was
# found out about that.
__synk_install() {
  __synk_place=last __synk_literal=0 __synk_ran=0 __synk_pwd= __synk_url= __synk_done= __synk_code=0
  \builtin shopt -q promptvars || __synk_place=first __synk_literal=1
  # Somebody else's marks do.
  if [[ $1${PS1-}${PS0-} == *']133;'* ]]; then
    \builtin unset -f __synk_prompt __synk_encode
    \builtin unset -v __synk_place __synk_literal __synk_ran __synk_pwd __synk_url __synk_done __synk_code
  elif [[ ${bash_preexec_imported-}${__bp_imported-} ]]; then
    # A stranger among its own commands at the prompt would be taken for the user's command.
    precmd_functions+=(__synk_prompt)
  else
    # A DEBUG trap sees every command at the prompt; as the first of them this one does not
    # come between the user's last and the next command line.
    [[ $1 != *"' DEBUG"* ]] || __synk_place=first
    if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 501)); then
      __synk_place=first
      PROMPT_COMMAND='__synk_prompt'${PROMPT_COMMAND:+'; '$PROMPT_COMMAND}
    elif [[ $__synk_place == first ]]; then
      PROMPT_COMMAND=(__synk_prompt ${PROMPT_COMMAND+"${PROMPT_COMMAND[@]}"})
    else
      PROMPT_COMMAND+=(__synk_prompt)
    fi
  fi
}

# Between start-up and the first prompt. $1 is what was found out about that, $2 the status of
# the last start-up command, $3 the user's own `builtin`.
__synk_begin() {
  __synk_park
  __synk_install "$1"
  \builtin unset -f __synk_tell __synk_wait __synk_enter __synk_unset __synk_set __synk_run __synk_park __synk_install __synk_begin
  \builtin unset -v __synk_channel __synk_nonce __synk_login __synk_environment __synk_given __synk_line __synk_refused __synk_status __synk_found __synk_saved
  # As bash itself leaves it at the start.
  \builtin unset -v OLDPWD
  \builtin export OLDPWD
  [[ -z $3 ]] || \builtin eval "$3"
  # A failure as the last command of start-up shows at the first prompt, but must not end
  # the shell or set off a trap.
  [[ $- == *e* || $1 == *"' ERR"* ]] || \return "$2"
}

__synk_status=0
if [[ $__synk_login ]]; then
  # A login bash reads this file alone only in POSIX mode, which ends here with its traces.
  \builtin unset -v POSIXLY_CORRECT ENV
  [[ -z $__synk_environment ]] || \builtin eval "$__synk_environment"
  \builtin shopt -u inherit_errexit 2>/dev/null
  [[ $__synk_given == *:HISTFILE:* ]] || HISTFILE=~/.bash_history
  [[ $__synk_given == *:MAILCHECK:* ]] || MAILCHECK=60
  if [[ -r /etc/profile && ! -d /etc/profile ]]; then
    \builtin source /etc/profile || __synk_status=$?
  fi
  if [[ -r ~/.bash_profile && ! -d ~/.bash_profile ]]; then
    \builtin source ~/.bash_profile || __synk_status=$?
  elif [[ -r ~/.bash_login && ! -d ~/.bash_login ]]; then
    \builtin source ~/.bash_login || __synk_status=$?
  elif [[ -r ~/.profile && ! -d ~/.profile ]]; then
    \builtin source ~/.profile || __synk_status=$?
  fi
elif [[ -r ~/.bashrc && ! -d ~/.bashrc ]]; then
  \builtin source ~/.bashrc || __synk_status=$?
fi
# One look at what cannot be seen without leaving this shell, nor from inside a function:
# traps, and the functions that the prompt runs. `builtin` may be a function itself.
__synk_found=$(
  \set +eux -f
  \trap -p DEBUG ERR
  IFS=$' \t\n;&|'
  \declare -f builtin ${PROMPT_COMMAND+${PROMPT_COMMAND[@]}} ${precmd_functions+${precmd_functions[@]}}
) 2>/dev/null || ((1))
__synk_saved=
if [[ $__synk_found == *'builtin ()'* ]]; then
  __synk_saved=$(\declare -f builtin)
  \unset -f builtin
fi
\__synk_begin "$__synk_found" "$__synk_status" "$__synk_saved"
