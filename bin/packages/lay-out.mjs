import {
  chmodSync,
  copyFileSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** Makes the directories of a path, as everybody may look into them. */
const makeDirectories = (path, mode = 0o755) => {
  mkdirSync(path, { recursive: true })
  chmodSync(path, mode)
}

const layOne = (root, { path, mode, from, text, isDirectory = false }) => {
  const target = join(root, path)
  if (isDirectory) return makeDirectories(target, mode)
  makeDirectories(dirname(target))
  if (from === undefined) writeFileSync(target, text)
  else copyFileSync(from, target)
  return chmodSync(target, mode)
}

/**
 * Lays a tree out below a directory. Neither the mask of whoever does it nor the time of day is in what
 * comes of it: everything is as old as `epoch`, in seconds.
 */
export const layOut = (root, tree, epoch) => {
  for (const entry of tree) layOne(root, entry)
  const below = readdirSync(root, { recursive: true, withFileTypes: true })
  for (const entry of below)
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755)
  chmodSync(root, 0o755)
  const paths = below.map((entry) => join(entry.parentPath, entry.name))
  for (const path of [...paths, root]) lutimesSync(path, epoch, epoch)
}
