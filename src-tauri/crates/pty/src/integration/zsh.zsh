# What an integrated zsh reads as its first start-up file, `.zshenv`. Synk puts the values of
# __synk_channel, __synk_nonce, __synk_global (the folder of the files for all users),
# __synk_last (the last file that this shell reads) and __synk_environment (the user's own
# ZDOTDIR) in front of it, and __synk_stage behind each file.
#
# zsh finds start-up files by ZDOTDIR, which is Synk's folder between the files and the user's
# own while one of them is read. Files for all users are read from here, not by zsh, because
# they use ZDOTDIR as well.
#
# Everything here is a function, read before the user's aliases exist.

# Gives ZDOTDIR its user's value.
__synk_yours() {
  \builtin unset ZDOTDIR
  \builtin eval "$__synk_environment"
  [[ -z $__synk_builtin ]] || functions[builtin]=$__synk_builtin
}

# Takes ZDOTDIR back, and notes what the user's files have made of it.
__synk_mine() {
  __synk_environment=
  if (( ${+ZDOTDIR} )); then
    __synk_environment="\\builtin typeset -g ZDOTDIR=${(qq)ZDOTDIR}"
    [[ ${(t)ZDOTDIR} != *export* ]] || __synk_environment="\\builtin typeset -gx ZDOTDIR=${(qq)ZDOTDIR}"
  fi
  \builtin typeset -g "ZDOTDIR=$__synk_channel/zsh"
}

# Tells Synk something, in order with everything the shell has printed.
__synk_tell() {
  \builtin print -rn -- $'\e]7733;'"$__synk_nonce;$1"$'\a' >|/dev/tty
}

# Waits for a claim. The end of the channel is the end of its owner, and of this shell.
__synk_wait() {
  \builtin local line
  {
    __synk_tell parked
    \builtin read -r line || \builtin exit 1
  } <"$__synk_channel/call" || \builtin exit 1
}

# A claim is a list of calls of the four functions below. The first that fails refuses it.

__synk_enter() {
  [[ -d $1 && -x $1 ]] && \builtin cd -- "$1" 2>/dev/null && [[ . -ef $1 ]] || __synk_refused=directory
}

__synk_unset() {
  [[ -n $__synk_refused ]] || {
    # To try it would end all of this with an error.
    if [[ ${(Pt)1-} == *readonly* ]]; then __synk_refused=environment; else \builtin unset -- "$1"; fi
  }
}

__synk_set() {
  [[ -n $__synk_refused ]] || {
    if [[ ${(Pt)1-} == *readonly* ]]; then __synk_refused=environment; else \builtin export "$1=$2"; fi
  }
}

__synk_run() {
  \builtin local file= folder
  if [[ -z $__synk_refused ]]; then
    if (( $# == 0 )); then
      __synk_tell claimed
    else
      # By its bare name `exec` could take a function or a built-in command. What zsh knows of
      # commands it would first have to read from every folder of the PATH.
      if [[ $1 == */* ]]; then
        file=$1
      else
        for folder in "${path[@]}"; do
          if [[ -f ${folder:-.}/$1 && -x ${folder:-.}/$1 ]]; then
            file=${folder:-.}/$1
            \builtin break
          fi
        done
      fi
      if [[ -f $file && -x $file ]]; then
        __synk_tell claimed
        \builtin shift
        \builtin exec "$file" "$@"
      else
        __synk_refused=program
      fi
    fi
  fi
}

# No option is changed in here: a claim runs the user's hooks for a changed directory.
__synk_park() {
  \builtin local -a __synk_stack
  \builtin local __synk_refused
  __synk_stack=("${dirstack[@]}")
  while (( 1 )); do
    __synk_wait
    __synk_refused=
    \builtin source "$__synk_channel/claim"
    [[ -n $__synk_refused ]] || break
    __synk_tell "refused;$__synk_refused"
    # The directory comes first, so nothing has changed when it is the directory.
    [[ $__synk_refused == directory ]] || \builtin exit 1
  done
  dirstack=("${__synk_stack[@]}")
  OLDPWD=$PWD
}

__synk_precmd() {
  \builtin local code=$? percent
  [[ ! -o promptpercent ]] || percent=on
  \builtin emulate -LR zsh
  \builtin local marks "url=$PWD"
  if [[ $url == *[^a-zA-Z0-9/._~-]* ]]; then
    \builtin local LC_ALL=C character
    \builtin local -a characters
    for character in ${(s::)PWD}; do
      if [[ $character != [a-zA-Z0-9/._~-] ]]; then
        \builtin printf -v character '%%%02X' $(( #character & 255 ))
      fi
      characters+=($character)
    done
    url=${(j::)characters}
  fi
  (( ! __synk_ran )) || marks=$'\e]133;D;'$code$'\a'
  __synk_ran=0
  marks+=$'\e]7;file://'$HOST$url$'\a'
  if [[ -n $percent ]]; then
    if [[ $PS1 != *']133;A'* ]]; then
      PS1=$'%{\e]133;A\a%}'$PS1$'%{\e]133;B\a%}'
    fi
  else
    marks+=$'\e]133;A\a'
  fi
  \builtin print -rn -- $marks >|/dev/tty
}

__synk_preexec() {
  __synk_ran=1
  \builtin print -n '\e]133;C\a' >|/dev/tty
}

__synk_install() {
  \builtin emulate -L zsh
  \builtin local name "text=$PS1${POWERLEVEL9K_TERM_SHELL_INTEGRATION:+]133;}"
  for name in precmd preexec $precmd_functions $preexec_functions; do
    text+=${functions[$name]-}
  done
  # Somebody else's marks do.
  if [[ $text == *']133;'* ]]; then
    \builtin unfunction __synk_precmd __synk_preexec
    return
  fi
  \builtin typeset -g __synk_ran=0
  precmd_functions+=(__synk_precmd)
  preexec_functions+=(__synk_preexec)
}

# Between start-up and the first prompt.
__synk_begin() {
  \builtin local "code=$1" "builtin=$__synk_builtin"
  __synk_park
  __synk_install
  \builtin unset __synk_channel __synk_nonce __synk_builtin __synk_global __synk_globalrcs __synk_last __synk_environment __synk_code
  \builtin unfunction __synk_yours __synk_mine __synk_tell __synk_wait __synk_enter __synk_unset __synk_set __synk_run __synk_park __synk_install __synk_next __synk_begin
  [[ -z $builtin ]] || functions[builtin]=$builtin
  \return $code
}

# After the user's file $1: what comes next.
__synk_next() {
  # Only what is called `builtin` itself cannot be passed over.
  if (( ${+functions[builtin]} )); then
    __synk_builtin=$functions[builtin]
    \unfunction builtin
  fi
  if [[ $1 == zshenv && -o rcs && -o globalrcs ]]; then
    __synk_globalrcs=1
    \builtin unsetopt globalrcs
  fi
  [[ $1 != "$__synk_last" && -o rcs ]] || {
    [[ -z $__synk_globalrcs ]] || \builtin setopt globalrcs
    \builtin return 1
  }
  __synk_mine
}

__synk_globalrcs= __synk_builtin=
