import { dpdkWords } from './dpdk-words.ts'
import { hugeadmWords } from './hugeadm-words.ts'
import { spdkWords } from './spdk-words.ts'
import { virshWords } from './virsh-words.ts'

/**
 * A word that people know from another tool, and what is written here instead, in which `$1` is the
 * first group of the match; or what makes it of the whole line, where several words go together in
 * any order. In the line a blank stands before and after each word.
 */
export type ForeignWord = readonly [words: RegExp, here: string | ((line: string) => string)]

const mountWord =
  '(?:pagesize|size|min_size|nr_inodes|mode|uid|gid)=|(?:ro|rw|(?:no)?(?:suid|dev|exec)|remount|defaults|bind)(?=[, ])'
const size = '\\d+[KMGTkmgt](?:i?[Bb])?|[Dd]efault|DEFAULT'
const count = '[+-]?\\d+[KMGTkmgt]?'
/** Does not match before a size that is the value of an option. */
const noValue = '(?<! --(?:leave|to) )'
const takesAssignments = ' (?:resize|set|demote|overcommit|test|doctor|mount|umount|boot)(?= )'

/**
 * The table, by the tool that has the words. The first row that matches counts. The amounts of
 * dpdk-hugepages are for each node.
 */
export const foreignWords: Readonly<Record<string, readonly ForeignWord[]>> = {
  'the kernel': [
    [
      / default_hugepagesz=(\S+) /,
      "the default size is set at boot, by default_hugepagesz=$1 on the kernel command line; here a size is named: 'hugepool resize $1=COUNT'",
    ],
    [/ hugepagesz=(\S+) hugepages=(\S+) /, "'hugepool resize $1=$2'"],
    [/ hugepages=(\S+) /, "'hugepool resize default=$1'"],
    [/ hugepagesz=(\S+) /, "'hugepool resize $1=COUNT'"],
    [/hugepages-(\d+kB)\/nr_hugepages[ =]+(\d+) /, "'hugepool resize $1=$2'"],
    [/hugepages-(\d+kB)\/nr_overcommit_hugepages[ =]+(\d+) /, "'hugepool overcommit $1=$2'"],
  ],
  'sysctl(8)': [
    [
      / (?:\S*vm[./])?nr_hugepages_mempolicy[ =]+(\d+) /,
      "'hugepool resize default=$1 --mempolicy bind:NODES'",
    ],
    [/ (?:\S*vm[./])?nr_hugepages[ =]+(\d+) /, "'hugepool resize default=$1'"],
    [/ (?:\S*vm[./])?nr_overcommit_hugepages[ =]+(\d+) /, "'hugepool overcommit default=$1'"],
    [/ (?:\S*vm[./])?nr_(?:overcommit_)?hugepages(?:_mempolicy)? /, "'hugepool list --output-all'"],
    [/ (?:\S*vm[./])?hugetlb_shm_group[ =]+(\S+) /, "'hugepool tune shm-group=$1'"],
    [/ (?:\S*kernel[./])?(shmmax|shmmni)[ =]+(\d+) /, "'hugepool tune $1=$2'"],
    [/ (?:\S*vm[./])?min_free_kbytes[ =]+(\d+) /, "'hugepool tune min-free=$1K'"],
  ],
  'hugeadm(8)': hugeadmWords,
  'setup.sh of SPDK': spdkWords,
  'virsh(1)': virshWords,
  'numactl(8)': [
    [/ (?:resize|set|test) .*(?:--membind|-m)[ =](\S+) /, '--mempolicy bind:$1'],
    [/ --(interleave|preferred)[ =](\S+) /, '--mempolicy $1:$2'],
  ],
  'mount(8)': [
    [
      new RegExp(` mount (?:.* )?-o[ =]?(?=(?:\\S*,)?(?:${mountWord}))(\\S+) `),
      "-o chooses columns here, as for lsblk(8); write '--options $1'",
    ],
    [
      / mount .*--options[ =](?:\S*,)?(?:(?:no)?(?:auto|fail|user)|_netdev|x-\S*)[, ]/,
      '--persist fstab writes a line for every start, with what belongs there',
    ],
    [
      / mount (?:.* )?(?:none|nodev|hugetlbfs) (\/\S*) /,
      "a hugetlbfs has no source: 'hugepool mount $1', or with -t hugetlbfs in front",
    ],
    [/ mount (?:.* )?-m /, 'write --mkdir'],
    [
      / mount (?:.* )?(?:-a|--all) /,
      "mount(8) does that; 'hugepool mount DIR --persist fstab' writes what it mounts",
    ],
    [
      / mount (?:.* )?(?:-B|-R|-M|--r?bind|--move) /,
      'mount(8) does that; hugepool makes new mounts and changes their flags',
    ],
  ],
  'umount(8)': [
    [
      / umount (?:.* )?(?:-a|-R|--all|--recursive) /,
      "name each directory; 'hugepool mounts' lists them",
    ],
    [
      / umount (?:.* )?(?:-f|--force) /,
      'force is for file systems on a network; --lazy takes a busy one away',
    ],
    [
      / (umount|mounts) (?:.* )?(?:-t|--types)[ =]?hugetlbfs /,
      '$1 has to do with hugetlbfs only; leave it out',
    ],
  ],
  'dpdk-hugepages': dpdkWords,
  Kubernetes: [[/ hugepages-(\d+[MG])i\b/, 'the size is written as $1']],
  'an ASSIGNMENT': [
    [
      / (resize|set|demote) (?:.* )?(\S+=\d+:[^ :]+) (\d+:[^ :]+) (?!\d+:)/,
      "all nodes of a pool stand in one word: 'hugepool $1 $2,$3'",
    ],
    [
      / (\S+=\d+:[^ :]+) (\d+:[^ :]+) (\d+:[^ :]+) /,
      "all nodes of a pool stand in one word, with commas: '$1,$2,$3'",
    ],
    [
      new RegExp(` (resize|set|demote|overcommit|test) (?:.* )?${noValue}(${size})[: ](${count}) `),
      "'hugepool $1 $2=$3'",
    ],
    [
      new RegExp(` (resize|set|demote|test) (?:.* )?(${size}):(\\d+:${count}) `),
      "'hugepool $1 $2=$3'",
    ],
    [
      new RegExp(` (resize|set|demote|overcommit|test) (?:.* )?(${size}) = ?(${count}) `),
      "without blanks: 'hugepool $1 $2=$3'",
    ],
    [new RegExp(`(?<!${takesAssignments}.*) (${size})[:=](${count}) `), "'hugepool resize $1=$2'"],
  ],
}
