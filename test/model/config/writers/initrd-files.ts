import t from 'tap'
import { isSysctlFile, pathsOfInitrd } from '../../../../src/model/config/writers/initrd-files.ts'

t.test('paths that get into the initrd', async (t) => {
  t.strictSame(
    pathsOfInitrd(`# install_items+=" /a "
install_items+=" /etc/sysctl.d/a.conf /usr/bin/b "
install_optional_items+="/c" # and no more
omit_items+=" /d "
copy_file config /e/f.conf /etc/f.conf
 copy_exec /sbin/g
cp -a '/h/*.conf' "\${DESTDIR}/h" && echo
cp /i "$DESTDIR/i"
mkdir /k
install -m 644 /l ./m/n
`),
    [
      ...['/etc/sysctl.d/a.conf', '/usr/bin/b', '/c', '/e/f.conf', '/etc/f.conf', '/sbin/g'],
      ...['/h/*.conf', '/i', '/l'],
    ],
  )
})

t.test('files of sysctl.d', async (t) => {
  t.equal(isSysctlFile('/etc/sysctl.d/a.conf'), true)
  t.equal(isSysctlFile('/usr/lib/sysctl.d/a.conf'), true)
  t.equal(isSysctlFile('/etc/sysctl.conf'), true)
  t.equal(isSysctlFile('/etc/sysctl.d/README'), false)
  t.equal(isSysctlFile('/etc/sysctl.d/a/b.conf'), false)
  t.equal(isSysctlFile('/x/etc/sysctl.conf'), false)
  t.equal(isSysctlFile('/etc/sysctl.conf.old'), false)
})
