#!/usr/bin/env bash
# A Slurm cluster of one machine, for tests: Debian's packages, no systemd, no cgroups, no accounts. To be run as root, in a container or on a CI
# machine.
#
#   slurm-here.sh install        by apt what `npm run test:cluster` starts: Slurm, Open MPI, GNU parallel, shellcheck
#   slurm-here.sh start FOLDER   starts munged, slurmctld and slurmd; configuration, state and logs go into FOLDER
#   slurm-here.sh stop FOLDER    ends what start has started
#
# With SLURM_CONF=FOLDER/slurm.conf in the environment, sbatch, srun, squeue and scancel then speak to it.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

usage() {
  sed -n 's/^# \{0,1\}//; 2,8p' "$0" >&2
  exit 2
}

# The node claims eight processors whatever there are: arrays and several processes run side by side.
configuration() { # FOLDER
  local host
  host=$(hostname -s)
  cat <<CONF
ClusterName=here
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$1/munge/socket
CryptoType=crypto/munge
StateSaveLocation=$1/state
SlurmdSpoolDir=$1/spool
SlurmctldPidFile=$1/slurmctld.pid
SlurmdPidFile=$1/slurmd.pid
SlurmctldLogFile=$1/log/slurmctld.log
SlurmdLogFile=$1/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
MinJobAge=600
KillWait=20
NodeName=$host NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
PartitionName=here Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
}

install() {
  local program missing=() root=()
  for program in slurmctld slurmd srun munged mpirun parallel shellcheck; do
    command -v "$program" > /dev/null || missing+=("$program")
  done
  # Debian's Slurm looks for it by the name that only this package has.
  compgen -G '/usr/lib/*/pmix2/lib/libpmix.so' > /dev/null || missing+=(libpmix-dev)
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get > /dev/null || { echo "slurm-here: expected apt-get to install ${missing[*]} with, found none." >&2; exit 1; }
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
    slurmctld slurmd slurm-client munge openmpi-bin libpmix-dev parallel shellcheck > /dev/null
}

start() { # FOLDER
  local at
  at=$(realpath -m "$1")
  mkdir -p "$at"/{state,spool,log,munge}
  # Where munged's socket lies must be closed to other users' writing.
  chmod 755 "$at" "$at"/{state,spool,log}
  chmod 700 "$at/munge"
  (umask 077 && head -c 1024 /dev/urandom > "$at/munge/key")
  configuration "$at" > "$at/slurm.conf"
  munged --force --num-threads=2 --key-file="$at/munge/key" --socket="$at/munge/socket" --pid-file="$at/munge/pid" \
    --seed-file="$at/munge/seed" --log-file="$at/munge/log"
  export SLURM_CONF=$at/slurm.conf
  slurmctld -c
  slurmd
  local state=
  for _ in $(seq 60); do
    state=$(sinfo --noheader --format=%T 2> /dev/null || true)
    [ "$state" = idle ] && return
    sleep 0.5
  done
  echo "slurm-here: expected an idle node within 30 seconds, found '$state'. $at/log says more." >&2
  stop "$at"
  exit 1
}

stop() { # FOLDER
  local file pid
  for file in "$1"/slurmd.pid "$1"/slurmctld.pid "$1"/munge/pid; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    kill "$pid" 2> /dev/null || true
    for _ in $(seq 40); do
      kill -0 "$pid" 2> /dev/null || break
      sleep 0.25
    done
    rm -f "$file"
  done
}

case "${1:-} $#" in
  'install 1') install ;;
  'start 2') start "$2" ;;
  'stop 2') stop "$2" ;;
  *) usage ;;
esac
