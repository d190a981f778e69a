import { plainName, splitLine } from '../../boot/command-line.ts'
import { shmGroupCommand } from '../../mapping/reasons/segment-reason.ts'
import { worthwhileSavings } from '../../pools/vmemmap-savings.ts'
import { approximateBytes, formatBytes } from '../../words/bytes.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

export const shmGroupUnknown = ({ shmGroup }: KnownMachine): readonly UnnamedFinding[] => {
  if (shmGroup === undefined || shmGroup.id === 0n || shmGroup.isNamed) return []
  const { id, asksOthers } = shmGroup
  return [
    {
      level: asksOthers ? 'note' : 'warning',
      what: `the members of group ${id} may make SysV segments of huge pages, and no group of /etc/group has this number`,
      hints: [
        asksOthers
          ? `'getent group ${id}' asks the other sources of groups`
          : `${shmGroupCommand('GROUP')} sets another one`,
      ],
    },
  ]
}

export const vmemmapOff = ({
  machine,
  basePage,
  freesVmemmap,
}: KnownMachine): readonly UnnamedFinding[] => {
  if (freesVmemmap !== false) return []
  const saved = worthwhileSavings(machine.pools, basePage)
  if (saved === undefined) return []
  return [
    {
      level: 'note',
      what: `the kernel could free ${approximateBytes(saved)} of page structs of the pools (HVO), which is off`,
      hints: [
        "'hugepool tune free-vmemmap=1 --persist' is for pages that are made afterwards; 'hugepool boot --hvo on' writes the word for the next start",
      ],
    },
  ]
}

/** The words that make pools, or keep memory for them, in whatever kernel reads them. */
const poolWords: readonly string[] = ['hugepages', 'hugetlb_cma']

/**
 * A crash kernel is started with the words of this one, but for those that its configuration takes
 * away, and on Debian with the files of sysctl.d as well.
 */
export const crashKernel = ({
  line = '',
  crashMemory,
  start,
}: KnownMachine): readonly UnnamedFinding[] => {
  const { words } = splitLine(line)
  const isAsked = words.some(({ name }) => plainName(name) === 'crashkernel')
  if ((crashMemory ?? 0n) === 0n && !isAsked) return []
  const named = words.map(({ name }) => plainName(name)).filter((name) => poolWords.includes(name))
  const sysctls = (start?.written ?? [])
    .filter(({ source, overridden }) => source === 'sysctl' && !overridden)
    .filter(({ what }) => what?.attribute === 'persistent')
    .map(({ file }) => file)
  const makers = [...new Set([...named, ...sysctls])]
  if (makers.length === 0) return []
  const memory =
    crashMemory === undefined || crashMemory === 0n ? 'little memory' : formatBytes(crashMemory)
  return [
    {
      level: 'note',
      what: `a crash kernel has ${memory}, and would make the pools of ${makers.join(', ')} too, unless its configuration leaves them out`,
      hints: [
        'add hugepages, hugepagesz and hugetlb_cma to KDUMP_COMMANDLINE_REMOVE, or hugepages=0 to the words of kdump',
      ],
    },
  ]
}
