'__synk_yours'
__synk_code=0
if [[ -n $__synk_globalrcs && -r $__synk_global/NAME ]]; then
  { '.' "$__synk_global/NAME" } always { __synk_code=$? TRY_BLOCK_ERROR=0 }
fi
if [[ -o rcs && -r ${ZDOTDIR-$HOME}/.NAME ]]; then
  { '.' "${ZDOTDIR-$HOME}/.NAME" } always { __synk_code=$? TRY_BLOCK_ERROR=0 }
fi
'__synk_next' NAME || '__synk_begin' $__synk_code
