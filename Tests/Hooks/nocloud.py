#!/usr/bin/python3
"""Reads a NoCloud seed as cloud-init does, and prints as JSON what it makes of it.

usage: nocloud.py MODULES DIRECTORY SERIAL
MODULES holds cloud-init's Python modules, DIRECTORY the files of the disc, SERIAL is the SMBIOS serial number.
"""
import json
import sys

modules, disc, serial = sys.argv[1:]
sys.path.insert(0, modules)

from cloudinit import distros, helpers, util
from cloudinit.distros import ug_util
from cloudinit.net import netplan, network_state
from cloudinit.sources import DataSourceNoCloud

# What stands for the machine: one disc with the volume name, and the serial number.
source = DataSourceNoCloud
source.util.find_devs_with = lambda what=None: ["/dev/sr0"] if what in ("TYPE=iso9660", "LABEL=CIDATA") else []
source.util.mount_cb = lambda device, read, data=None: read(disc + "/", data)
source.dmi.read_dmi_data = lambda key: serial if key == "system-serial-number" else None

paths = helpers.Paths({"cloud_dir": "/nonexistent", "run_dir": "/nonexistent"})
debian = distros.fetch("debian")("debian", {"default_user": {"name": "debian", "lock_passwd": True}}, paths)
found = source.DataSourceNoCloud({}, debian, paths)
assert found._get_data(), "no seed is found"
user_data = util.load_yaml(found.get_userdata_raw())
users, _ = ug_util.normalize_users_groups(user_data, debian)
state = found.network_config and network_state.parse_net_config_data(found.network_config)
print(json.dumps({
    "seed": found.seed,
    "instance": found.get_instance_id(),
    "hostname": found.get_hostname().hostname,
    "user-data": user_data,
    "keys": {name: user.get("ssh_authorized_keys", []) for name, user in users.items()},
    "default": [name for name, user in users.items() if user["default"]],
    "interfaces": {
        interface["name"]: {
            "mac": interface["mac_address"],
            "addresses": [str(n["address"]) + "/" + str(n["prefix"]) for n in interface["subnets"]],
            "dns": interface["dns"],
        } for interface in (state.iter_interfaces() if state else [])},
    "netplan": util.load_yaml(netplan.Renderer()._render_content(state)) if state else None,
}))
