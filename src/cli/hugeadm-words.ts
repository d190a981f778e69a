import { fixedSettings } from '../model/config/tune/tuned-settings.ts'
import type { ForeignWord } from './foreign-words.ts'

/** Returns what a kernel has to have for a setting. */
const needsOf = (key: string): string =>
  fixedSettings.find((setting) => setting.key === key)?.needs ?? ''

/** The options of hugeadm(8), and what is written here instead. */
export const hugeadmWords: readonly ForeignWord[] = [
  [
    / --pool-pages-min[ =]([^ :]+):([+-]?\w+) /,
    "'hugepool resize $1=$2' sets persistent pages, the minimum of hugeadm",
  ],
  [
    / --pool-pages-min[ =]\S*/,
    "'hugepool resize SIZE=COUNT' sets persistent pages, the minimum of hugeadm",
  ],
  [
    / --pool-pages-max[ =]([^ :]+)[ :]/,
    "'hugepool overcommit $1=COUNT' sets how many surplus pages may come; the maximum of hugeadm is persistent + overcommit",
  ],
  [/ --pool-pages-max /, "'hugepool overcommit SIZE=COUNT' sets how many surplus pages may come"],
  [/ --pool-list /, "'hugepool list -o SIZE,PERSISTENT,TOTAL,OVERCOMMIT'"],
  [/ --explain /, "'hugepool doctor'"],
  [/ --page-sizes /, "'hugepool mounts -o PAGE-SIZE'"],
  [/ --page-sizes-all /, "'hugepool list -o SIZE'"],
  [/ --list-all-mounts /, "'hugepool mounts -o TARGET'"],
  [
    / --create-mounts /,
    "'hugepool mount DIR --pagesize SIZE --mkdir --mode 0770', once for each size",
  ],
  [
    / --create-global-mounts /,
    "'hugepool mount DIR --pagesize SIZE --mkdir --mode 1777', once for each size",
  ],
  [
    / --create-user-mounts[ =](\S+) /,
    "'hugepool mount DIR --pagesize SIZE --mkdir --mode 0700 --uid $1', once for each size",
  ],
  [
    / --create-group-mounts[ =](\S+) /,
    "'hugepool mount DIR --pagesize SIZE --mkdir --mode 0070 --gid $1', once for each size",
  ],
  [/ --max-size[ =](\S+) /, "'hugepool mount DIR --pagesize SIZE --mkdir --size $1'"],
  [/ --max-inodes[ =](\S+) /, "'hugepool mount DIR --pagesize SIZE --mkdir --nr-inodes $1'"],
  [/ --hard /, "'hugepool resize SIZE=COUNT --compact'"],
  [/ --obey-(?:numa-)?mempol(?:icy)? /, "'hugepool resize SIZE=COUNT --mempolicy bind:NODES'"],
  [/ --set-shm-group[ =](\S+) /, "'hugepool tune shm-group=$1'"],
  [/ --set-recommended-shmmax /, "'hugepool tune shmmax' shows what is recommended"],
  [/ --set-recommended-min_free_kbytes /, "'hugepool tune min-free' shows what is recommended"],
  [/ --thp-(always|madvise|never) /, "'hugepool tune thp=$1'"],
  [
    / --thp-khugepaged-(pages|scan-sleep|alloc-sleep)[ =](\d+) /,
    "'hugepool tune khugepaged-$1=$2'",
  ],
  [/ --thp-/, "'hugepool tune' shows the settings of transparent huge pages"],
  [
    / --enable-zone-movable /,
    `'hugepool tune movable-gigantic=1', which takes ${needsOf('movable-gigantic')}`,
  ],
  [/ --disable-zone-movable /, "'hugepool tune movable-gigantic=0'"],
  [
    / --add-(?:temp|ramdisk)-swap\b/,
    'hugepool makes no swap: mkswap(8) and swapon(8) do; --compact asks for memory in one piece',
  ],
]
