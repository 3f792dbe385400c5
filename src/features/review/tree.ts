// The files that differ as a tree: folders that hold one folder alone are one with it, and what
// is in conflict stands before everything else.
import type { FileDiff } from '@/protocol/generated/protocol';

export interface FolderNode {
  kind: 'folder';
  /** Its path, which names it. */
  path: string;
  /** What is shown: "src/features". */
  name: string;
  children: TreeNode[];
}

export interface FileNode {
  kind: 'file';
  path: string;
  name: string;
  file: FileDiff;
}

export type TreeNode = FolderNode | FileNode;

export interface Tree {
  conflicted: FileNode[];
  nodes: TreeNode[];
}

export function treeOf(files: FileDiff[]): Tree {
  const root: FolderNode = { kind: 'folder', path: '', name: '', children: [] };
  const conflicted: FileNode[] = [];
  for (const file of files) {
    if (file.change === 'conflicted') {
      conflicted.push({ kind: 'file', path: file.path, name: file.path, file });
      continue;
    }
    const parts = file.path.split('/');
    const name = parts.pop() ?? file.path;
    let folder = root;
    for (const part of parts) {
      const path = folder.path === '' ? part : `${folder.path}/${part}`;
      let next = folder.children.find(
        (node): node is FolderNode => node.kind === 'folder' && node.path === path,
      );
      if (!next) {
        next = { kind: 'folder', path, name: part, children: [] };
        folder.children.push(next);
      }
      folder = next;
    }
    folder.children.push({ kind: 'file', path: file.path, name, file });
  }
  return { conflicted, nodes: root.children.map(collapsed).sort(foldersFirst) };
}

/** The files in the order in which they are shown. */
export function leavesOf({ conflicted, nodes }: Tree): FileDiff[] {
  const walk = (node: TreeNode): FileDiff[] =>
    node.kind === 'file' ? [node.file] : node.children.flatMap(walk);
  return [...conflicted, ...nodes].flatMap(walk);
}

function collapsed(node: TreeNode): TreeNode {
  if (node.kind === 'file') return node;
  const [only, ...others] = node.children;
  if (only?.kind === 'folder' && others.length === 0) {
    const inner = collapsed(only) as FolderNode;
    return { ...inner, name: `${node.name}/${inner.name}` };
  }
  return { ...node, children: node.children.map(collapsed).sort(foldersFirst) };
}

function foldersFirst(one: TreeNode, other: TreeNode): number {
  if (one.kind !== other.kind) return one.kind === 'folder' ? -1 : 1;
  return one.name < other.name ? -1 : 1;
}
