CREATE SCHEMA marquee;
CREATE TABLE marquee.batch (
    partition text NOT NULL COLLATE pg_catalog."C",
    first_offset bigint NOT NULL,
    count integer NOT NULL,
    epoch bigint NOT NULL,
    checksum bigint NOT NULL,
    payload bytea NOT NULL,
    CONSTRAINT batch_count_check CHECK ((count >= 1))
);
ALTER TABLE ONLY marquee.batch ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE TABLE marquee.manifest (
    only_row boolean DEFAULT true NOT NULL,
    format integer NOT NULL,
    partitions integer NOT NULL,
    created timestamp with time zone NOT NULL,
    CONSTRAINT manifest_only_row_check CHECK (only_row)
);
CREATE TABLE marquee.membership (
    cluster_id text NOT NULL COLLATE pg_catalog."C",
    silo text NOT NULL COLLATE pg_catalog."C",
    etag integer NOT NULL,
    status integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    proxy_port integer NOT NULL,
    suspect_times text NOT NULL,
    start_time timestamp with time zone NOT NULL,
    alive_time timestamp with time zone NOT NULL
);
CREATE TABLE marquee.membership_version (
    cluster_id text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL
);
CREATE TABLE marquee.partition (
    partition text NOT NULL COLLATE pg_catalog."C",
    epoch bigint NOT NULL,
    first_offset bigint NOT NULL,
    next_offset bigint NOT NULL,
    CONSTRAINT partition_check CHECK ((next_offset >= first_offset)),
    CONSTRAINT partition_epoch_check CHECK ((epoch >= 1)),
    CONSTRAINT partition_first_offset_check CHECK ((first_offset >= 0))
);
CREATE TABLE marquee.state (
    state_name text NOT NULL COLLATE pg_catalog."C",
    grain_id text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    checksum bigint NOT NULL,
    payload bytea NOT NULL,
    CONSTRAINT state_version_check CHECK ((version >= 1))
);
INSERT INTO marquee.batch VALUES ('catalogue/default', 0, 1, 1, 4836114091949828683, '\x20000321e820e840096d6f6f6e41094d6f6f6e0101c101c10121200003410b4472616d61e0e02120e0e021c01fe021c01fe0c101c10121c01fe0c101c101c101c101c1012120e0e0c101e0c101e0e0');
INSERT INTO marquee.batch VALUES ('events/1', 0, 3, 1, -3592571332905197245, '\x01c0f8f3e2c36803020764656661756c740361646105a0f7f3e2c368026531046d6f6f6e000361646101a0f7f3e2c368026534076772617669747900036164610aa0f7f3e2c36802653507736f6c61726973');
INSERT INTO marquee.batch VALUES ('events/0', 0, 2, 1, 2473242130943258717, '\x01c4f8f3e2c36802020764656661756c7403626f6207a0f7f3e2c368026532046d6f6f6e0003626f6203a0f7f3e2c3680265330767726176697479');
INSERT INTO marquee.batch VALUES ('events/1', 3, 1, 1, -6093437860171646816, '\x0194cbf4e2c36801020764656661756c74036164610194cbf4e2c368026536046d6f6f6e');
INSERT INTO marquee.batch VALUES ('events/0', 2, 1, 1, -2473849645994560632, '\x0194cbf4e2c36801020764656661756c740263790194cbf4e2c368026537046d6f6f6e');
INSERT INTO marquee.manifest VALUES (true, 1, 2, '2024-03-01 18:04:46.655226+00');
INSERT INTO marquee.membership VALUES ('marquee', '127.0.0.1:34117@154807486', 2, 3, 'Silo_93f4d', 'node', 0, '', '2024-03-01 18:04:46.811214+00', '2024-03-01 18:04:49.567025+00');
INSERT INTO marquee.membership_version VALUES ('marquee', 2);
INSERT INTO marquee.partition VALUES ('catalogue/default', 1, 0, 1);
INSERT INTO marquee.partition VALUES ('events/1', 1, 0, 4);
INSERT INTO marquee.partition VALUES ('events/0', 1, 0, 3);
INSERT INTO marquee.state VALUES ('user', 'user/default/ada', 663086173060109396, 2997383085326827213, '\x2040550105a0f7f3e2c368046d6f6f6e026531010007677261766974790265340a0007736f6c617269730265350109e0');
INSERT INTO marquee.state VALUES ('partition-a', 'event-partition/1', 4865577441044947636, -3058656303965758842, '\x2040720502030303ff92b076298668c5bde5d361d32da460c58ca7d8066fb0537edc36a0b7a2c5787cb76d13f0c58ca7d8064fbf72dd14ee761995a78b6182e6adefc58ca7d806010764656661756c74a0f7f3e2c36803046d6f6f6e0103a0f7f3e2c368a0f7f3e2c36800000000000100000000000000000101a0f7f3e2c368dd00a800ecbb06427608b9611ac6744198751bddf4adb8405d649aa894bb5e4291c2387b5232b64100010280200107677261766974790200a0f7f3e2c368a0f7f3e2c368000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000007736f6c617269730303a0f7f3e2c368a0f7f3e2c36800000000000000000000010000000101a0f7f3e2c368dd00a800ecbb06427608b9611ac6744198751bddf4adb8405d649aa894bb5e4291c2387b5232b64100010000010103616461020200010d010d819d8553564505c337e0');
INSERT INTO marquee.state VALUES ('user', 'user/default/cy', 4798793432940696298, 5240139578985498089, '\x204021010194cbf4e2c368046d6f6f6e0265370109e0');
INSERT INTO marquee.state VALUES ('user', 'user/default/bob', 6945058539145366552, -3933849427474204171, '\x20403b0107a0f7f3e2c368046d6f6f6e026532030007677261766974790265330105e0');
INSERT INTO marquee.state VALUES ('partition-a', 'event-partition/0', 919457330289797124, -2089180314039028814, '\x20402e040203030333aee05f68eab506578d7d306908bcf1c58ca7d8065d7c20bdd0cbdbb8928f6a786ff14a3bc58ca7d8062379d4ed3f22569925396bbd45ec20daca8ca7d806010764656661756c7494cbf4e2c36802046d6f6f6e0302a0f7f3e2c36894cbf4e2c36800010000000000010000000000000101a0f7f3e2c368dd00a800ecbb06427608b9611ac6744198751bddf4adb8405d649aa894bb5e4291c2387b5232b64100010180200107677261766974790202a0f7f3e2c368a0f7f3e2c36800000001000000000000000000000100a0f7f3e2c368dd00a800ecbb06427608b9611ac6744198751bddf4adb8405d649aa894bb5e4291c2387b5232b64100010000010103626f62020100010d010d814de8945861d52b57e0');
ALTER TABLE ONLY marquee.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (partition, first_offset);
ALTER TABLE ONLY marquee.manifest
    ADD CONSTRAINT manifest_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY marquee.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (cluster_id, silo);
ALTER TABLE ONLY marquee.membership_version
    ADD CONSTRAINT membership_version_pkey PRIMARY KEY (cluster_id);
ALTER TABLE ONLY marquee.partition
    ADD CONSTRAINT partition_pkey PRIMARY KEY (partition);
ALTER TABLE ONLY marquee.state
    ADD CONSTRAINT state_pkey PRIMARY KEY (state_name, grain_id);
ALTER TABLE ONLY marquee.batch
    ADD CONSTRAINT batch_partition_fkey FOREIGN KEY (partition) REFERENCES marquee.partition(partition);
ALTER TABLE ONLY marquee.membership
    ADD CONSTRAINT membership_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES marquee.membership_version(cluster_id);
