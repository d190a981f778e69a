import { itemText } from '../config-item.ts'
import { isAdverse } from './judge-writers.ts'
import type { FoundWriter, Writer, WriterSource } from './writer.ts'

/** Names who sets something, in the words of those who look after machines. */
const sources: Readonly<Record<WriterSource, string>> = {
  'built-in': 'a word that no boot loader passed',
  'kernel-line': 'the kernel command line',
  'initrd-copy': 'what the initrd may have of it',
  initrd: 'a script of the initrd',
  sysctl: 'systemd-sysctl',
  tmpfiles: 'systemd-tmpfiles',
  dpdk: 'dpdk.service',
  sysfs: 'sysfsutils',
  unit: 'a service',
  'pf-ring': 'PF_RING',
  'nitro-enclaves': 'nitro-enclaves-allocator',
  tuned: 'tuned',
  libvirt: 'a hook of libvirt',
  proxmox: 'Proxmox VE',
  xmrig: 'xmrig',
  'rc-local': 'a script of the start',
  cron: 'cron',
  'cloud-init': 'cloud-init',
}

/** Writes where a writer stands: `/etc/sysctl.d/90-huge.conf:3`. */
export const writerPosition = ({ file, line }: FoundWriter): string =>
  line === undefined ? file : `${file}:${line}`

/** Says how a writer and hugepool follow each other, and what comes of that. */
const orderWords = ({ when, wins, agrees }: Writer): string => {
  if (when === undefined) return ', before or after hugepool: nothing orders them'
  if (agrees === true) return `, ${when} hugepool, as it is wanted`
  if (wins === true)
    return when === 'after' ? ', after hugepool, and wins' : ', and nothing after it'
  if (wins === false && when === 'before') return ', before hugepool, which overrides it'
  return wins === false ? `, ${when} hugepool, and is overridden` : `, ${when} hugepool`
}

/** The most characters of a line of a script that are shown: more of them tell no more. */
const longest = 60
const short = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)}...` : text

/** Says who else sets what the configuration does, where, when, and who wins. */
export const writerWords = (writer: Writer): string => {
  const { source, what, value } = writer
  const text = value === undefined ? '' : short(value)
  const unclear = `may set pages, which cannot be told${text && `: ${text}`}`
  const does = what === undefined ? unclear : `sets ${itemText(what)} to ${text}`
  const order = what === undefined ? '' : orderWords(writer)
  return `${writerPosition(writer)}: ${sources[source]} ${does}${order}`
}

const hintOnWriter = ({ source, file }: Writer): string => {
  if (source === 'built-in') return "the service of 'hugepool service install' sets it after them"
  return file === '/proc/cmdline'
    ? 'take the words from the kernel command line of the next start'
    : `remove the line from ${file}, or have it say the same`
}

/** Says how a person can make writers agree: hugepool removes nothing of others. */
export const writerHints = (writers: readonly Writer[]): readonly string[] => [
  ...new Set(writers.filter(isAdverse).map(hintOnWriter)),
]

export const unreadFileWords = (files: readonly string[]): readonly string[] =>
  files.map((file) => `${file}: cannot be read: what it sets is not known`)
