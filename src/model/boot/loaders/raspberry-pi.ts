import type { BootFiles } from './boot-files.ts'
import { firstLine } from './edited-file.ts'
import { withSequenceFirst } from './hugetlb-sequence.ts'
import type { InstallingLoader } from './loader-row.ts'

/**
 * The paths of each line, and of the settings of the firmware that reads it. The newer directory stands
 * first.
 */
const firmwareFiles = ['/boot/firmware', '/boot'].map((folder) => ({
  line: `${folder}/cmdline.txt`,
  settings: `${folder}/config.txt`,
}))

/** Debian's own package has this file. It writes the line anew at every change. */
export const raspiFirmware = '/etc/default/raspi-firmware'

const backupOf = (line: string): string => `${line}.hugepool-backup`

const linePath = ({ texts, marks }: BootFiles): string | undefined =>
  firmwareFiles.find(({ line, settings }) => texts.has(line) && marks.has(settings))?.line

/** The firmware reads the first line of the file alone, which has no comments. */
export const raspberryPi: InstallingLoader = {
  kind: 'install',
  name: 'raspberry-pi',
  title: 'firmware of a Raspberry Pi (cmdline.txt)',
  traces: {
    texts: firmwareFiles.flatMap(({ line }) => [line, backupOf(line)]),
    marks: [...firmwareFiles.map(({ settings }) => settings), raspiFirmware],
  },
  isHere: (files) => linePath(files) !== undefined && !files.marks.has(raspiFirmware),
  file: (files) => {
    const path = linePath(files) ?? ''
    return {
      path,
      isOwn: false,
      backup: backupOf(path),
      read: firstLine,
      write: (before, { wanted }) => withSequenceFirst(before, wanted),
    }
  },
  commands: () => [],
  entries: (files) => {
    const path = linePath(files)
    const line = firstLine(path === undefined ? '' : (files.texts.get(path) ?? ''))
    return path === undefined ? [] : [{ path, title: 'every kernel', line }]
  },
  once: 'delete the words from cmdline.txt on another machine: its card has a file system that all read',
}
