import { mountRecordPath } from '../../src/kernel/config/mount-record.ts'
import { lockFiles } from '../../src/kernel/lock.ts'
import { loaderTable } from '../../src/model/boot/loaders/loader-table.ts'
import { ownMark } from '../../src/model/boot/loaders/own-file.ts'
import { mergeIntoDropIn, ownDropIn } from '../../src/model/config/own-drop-in.ts'
import { runitScript, sysvinitScript } from '../../src/model/config/service/init-scripts.ts'
import { serviceFiles } from '../../src/model/config/service/service-kind.ts'
import { ownStartFiles } from '../../src/model/config/tune/own-start-file.ts'
import { fstabBackupPath } from '../../src/model/mounts/persist/fstab.ts'

const start = { words: ['/usr/bin/hugepool'], form: 'later', late: [] } as const
const keptSettings =
  "# 'hugepool tune --persist' writes this file, and keeps nothing but its settings.\n"

/** Files that hugepool writes on a machine, each as it begins. */
export const markedFiles: Readonly<Record<string, string>> = {
  [serviceFiles.sysvinit.path]: sysvinitScript(start),
  [serviceFiles.runit.path]: runitScript(start),
  '/etc/systemd/system/mnt-huge.mount':
    "# Written by hugepool; 'hugepool umount --persist' removes it.\n[Mount]\n",
  [ownStartFiles.sysctl]: keptSettings,
  [ownStartFiles.tmpfiles]: keptSettings,
  '/etc/default/grub.d/99-hugepool.cfg': `${ownMark}\n`,
  '/etc/u-boot-menu/conf.d/90-hugepool.conf': `${ownMark}\n`,
  [ownDropIn]: mergeIntoDropIn(undefined, { pools: [] }),
}

const loaderBackups = loaderTable
  .flatMap(({ traces }) => traces.texts ?? [])
  .filter((path) => path.endsWith('.hugepool-backup'))

/** Copies of files of others from before hugepool changed them. */
export const backups: readonly string[] = [fstabBackupPath, ...new Set(loaderBackups)]

/** What hugepool writes that has no line of its own, of which the path alone tells whose it is. */
export const unmarkedFiles: Readonly<Record<string, string>> = {
  ...Object.fromEntries(backups.map((path) => [path, 'of the administrator, earlier\n'])),
  [mountRecordPath]: '{}',
  ...Object.fromEntries(lockFiles.filter(({ isMade }) => isMade).map(({ path }) => [path, ''])),
}
