import t from 'tap'
import { fileAdvice, fileReasonAt } from '../../../../src/model/mapping/reasons/file-reason.ts'
import { plainUser } from '../../../helpers/doctor-facts.ts'

t.test('the reason stands behind the path', async (t) => {
  t.strictSame(
    (['ENOSPC', 'EROFS', 'EACCES'] as const).map((errno) => fileReasonAt(errno, '/mnt/huge')),
    [
      '/mnt/huge: the mount may hold no more files (ENOSPC)',
      '/mnt/huge: the mount is read-only (EROFS)',
      '/mnt/huge: permission denied (EACCES)',
    ],
  )
})

t.test('what can be typed against it', async (t) => {
  t.equal(fileAdvice('ENOSPC', '/mnt/huge'), "'hugepool files' shows what can be removed")
  t.equal(
    fileAdvice('EROFS', '/mnt/huge', plainUser),
    "'mount -o remount,rw /mnt/huge' makes it writable",
  )
  t.equal(
    fileAdvice('EACCES', '/mnt/huge'),
    "'hugepool mounts' shows who may write there; --via memfd needs no mount",
  )
  t.equal(
    fileAdvice('EACCES', '/mnt/huge', plainUser),
    "'chgrp 100 /mnt/huge' and 'chmod g+rwx /mnt/huge' let that group in; --via memfd needs no mount",
  )
  t.equal(
    fileAdvice('EACCES', '/a', { ...plainUser, ofMachine: false, groupMap: [] }),
    "'chgrp GID /a' and 'chmod g+rwx /a', typed as root of the machine outside of the user namespace, let that group in; --via memfd needs no mount",
  )
  t.match(
    fileAdvice('EACCES', '/a b', plainUser),
    `"chgrp 100 '/a b'" and "chmod g+rwx '/a b'" let`,
  )
})
