// Branches and worktrees: making them, who is in whose way, and having them back.
export { Changes } from './changes';
export { type BranchRequest, NewBranch } from './new-branch';
export { OverlapMark } from './OverlapMark';
export { Overlaps } from './overlaps';
export { ReviewButton } from './ReviewButton';
export { BranchSheet, WorktreesSheet } from './sheets';
export { Worktrees } from './worktrees';
