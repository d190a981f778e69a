import { rpmChangelog, wrapped } from '../changes.mjs'
import { configurationPath, families, treeOf } from '../tree.mjs'

/** What a file is to rpm, beside a file. */
const kindOf = ({ path, isDirectory = false }) => {
  if (path === configurationPath) return '%config(noreplace) '
  if (isDirectory) return '%dir '
  if (path === families.rpm.licence) return '%license '
  return path.startsWith('/usr/share/doc/') ? '%doc ' : ''
}

const modeOf = ({ mode }) => `%attr(${mode.toString(8).padStart(4, '0')}, root, root) `

const fileLines = (tree) => tree.map((entry) => `${modeOf(entry)}${kindOf(entry)}${entry.path}`)

/**
 * Returns the spec of a tree that has been laid out already: nothing is compiled, and the program is not
 * touched, as Node finds the code of hugepool by what is behind its own. The libraries that it needs are
 * found by rpmbuild, but for those of the addon, which is inside (`requires`).
 */
export const specText = ({
  version,
  homepage,
  summary,
  description,
  releases,
  requires,
  tree,
  scripts,
}) =>
  [
    `Name: hugepool`,
    `Version: ${version}`,
    'Release: 1',
    `Summary: ${summary[0].toUpperCase()}${summary.slice(1)}`,
    'License: MIT AND Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause AND ISC AND Unicode-3.0 AND Zlib',
    'Group: System/Base',
    `URL: ${homepage}`,
    ...requires.map((each) => `Requires: ${each}`),
    '',
    '%global debug_package %{nil}',
    '%global __os_install_post %{nil}',
    '%global _build_id_links none',
    '%global source_date_epoch_from_changelog 1',
    '%global use_source_date_epoch_as_buildtime 1',
    '%global clamp_mtime_to_source_date_epoch 1',
    '%global _buildhost reproducible',
    '',
    '%description',
    ...wrapped(description, 78),
    '',
    '%prep',
    '',
    '%build',
    '',
    '%install',
    'cp -a %{tree}/. %{buildroot}/',
    '',
    ...Object.entries(scripts).flatMap(([name, text]) => [`%${name}`, text.trimEnd(), '']),
    '%files',
    ...fileLines(tree),
    '',
    '%changelog',
    rpmChangelog(releases),
  ].join('\n')

export const rpmTree = (sources) =>
  treeOf('rpm', sources).sort((one, other) => (one.path < other.path ? -1 : 1))
