# What an integrated POSIX shell reads as its ENV file: it reads the user's files in the
# shell's order, parks until it is claimed, and leaves nothing but the marks in PS1. Synk puts
# the values of __synk_channel, __synk_nonce, __synk_login, __synk_environment (the user's
# own ENV), __synk_escape and __synk_bell in front of it.
#
# A login shell's files are read from here too: a ~/.profile that sets ENV, as most do that
# are meant for such a shell, would take this file's place away. Such a shell has nothing to
# tell when a command starts, so there is no mark C.

# Tells Synk something, in order with everything the shell has printed.
__synk_tell() {
  \command printf '\033]7733;%s;%s\007' "$__synk_nonce" "$1" >|/dev/tty
}

# A claim is a list of calls of the four functions below. The first that fails refuses it.

__synk_enter() {
  if \[ -d "$1" ] && \[ -x "$1" ] && \command cd -- "$1" 2>/dev/null; then
    case $PWD in
      "$1") \return ;;
    esac
  fi
  __synk_refused=directory
}

__synk_unset() {
  case $__synk_refused in
    '') \command unset "$1" 2>/dev/null || __synk_refused=environment ;;
  esac
}

__synk_set() {
  case $__synk_refused in
    '') \command export "$1=$2" 2>/dev/null || __synk_refused=environment ;;
  esac
}

__synk_run() {
  case $__synk_refused in
    ?*) \return ;;
  esac
  if \[ $# -eq 0 ]; then
    __synk_tell claimed
  elif \command -v "$1" >/dev/null && \[ ! -d "$1" ]; then
    __synk_tell claimed
    \exec "$@"
  else
    __synk_refused=program
  fi
}

# Waits for a claim. The end of the channel is the end of its owner, and of this shell.
__synk_park() {
  while \:; do
    {
      __synk_tell parked
      # A trap ends a read just as the end of the channel does, but not this often.
      __synk_tries=100
      until \command read -r __synk_refused; do
        __synk_tries=$((__synk_tries - 1))
        case $__synk_tries in
          0) \exit 1 ;;
        esac
      done
    } <"$__synk_channel/call" || \exit 1
    __synk_refused=
    \. "$__synk_channel/claim"
    case $__synk_refused in
      '') \return ;;
    esac
    __synk_tell "refused;$__synk_refused"
    # The directory comes first, so nothing has changed when it is the directory.
    case $__synk_refused in
      directory) ;;
      *) \exit 1 ;;
    esac
  done
}

# Percent-encodes the directory byte by byte.
__synk_url() (
  \set +eux -f
  LC_ALL=C
  rest=$PWD
  while \:; do
    case $rest in
      '') break ;;
      [a-zA-Z0-9/._~-]*)
        plain=${rest%%[!a-zA-Z0-9/._~-]*}
        \command printf %s "$plain"
        rest=${rest#"$plain"}
        ;;
      *)
        after=${rest#?}
        \command printf '%%%02X' "'${rest%"$after"}"
        rest=$after
        ;;
    esac
  done
)

# Puts the marks into the prompt, with what a shell that edits lines takes for no width.
__synk_install() {
  case ${PS1-} in *']133;'*) \return ;; esac
  case ${BASH_VERSION-}${BB_ASH_VERSION-} in
    '') __synk_open= __synk_close= ;;
    *) __synk_open='\[' __synk_close='\]' ;;
  esac
  PS1=$__synk_open$__synk_escape']133;D;$?'$__synk_bell$__synk_escape']7;file://$(__synk_url)'$__synk_bell$__synk_escape']133;A'$__synk_bell$__synk_close${PS1-}$__synk_open$__synk_escape']133;B'$__synk_bell$__synk_close
}

\unset ENV
case $__synk_environment in ?*) \eval "$__synk_environment" ;; esac
case $__synk_login in
  ?*)
    if \[ -r /etc/profile ] && \[ ! -d /etc/profile ]; then \command . /etc/profile; fi
    if \[ -r "${HOME-}/.profile" ] && \[ ! -d "${HOME-}/.profile" ]; then \command . "$HOME/.profile"; fi
    ;;
esac
# The shell expands what ENV says before it reads the file of that name.
case ${ENV-} in
  '') __synk_file= ;;
  *'"'*) __synk_file=$ENV ;;
  *) \eval "__synk_file=\"$ENV\"" ;;
esac
case $__synk_file in
  */* | '') ;;
  *) __synk_file=./$__synk_file ;;
esac
if \[ -r "$__synk_file" ] && \[ ! -d "$__synk_file" ]; then \command . "$__synk_file"; fi
\__synk_park
\__synk_install
\unset -f __synk_tell __synk_enter __synk_unset __synk_set __synk_run __synk_park __synk_install
\unset __synk_channel __synk_nonce __synk_login __synk_environment __synk_refused __synk_tries __synk_file __synk_escape __synk_bell __synk_open __synk_close OLDPWD
