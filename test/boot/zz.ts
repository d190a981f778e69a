import t from 'tap'
import { ownDisk } from './support/disk.ts'
import { boot } from './support/machine.ts'

t.setTimeout(600_000)
t.test('x', async (t) => {
  const disk = ownDisk(t)
  const script = `exec 2>&1; set +e
  hugepool service; hugepool service install; echo $?; cat /etc/systemd/system/hugepool.service; hugepool service --json;  hugepool service print libvirtd;
  hugepool resize 2M=64 1G=1:1 --persist; echo $?; find /etc/hugepool* | xargs cat; time hugepool resize 2M=+3 --persist; hugepool overcommit 2M=5 --persist; cat /etc/hugepool.d/*; hugepool mount /mnt/huge --mkdir --size 4M --min-size 2M --persist config; cat /etc/hugepool.d/*; hugepool apply --help; exit 0`
  process.stdout.write(await boot(t, { disk, script }))
})
