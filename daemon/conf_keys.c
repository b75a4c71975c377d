#include "daemon/conf_keys.h"

#include "daemon/conf.h"

#define AT(field) offsetof(struct conf, field)
#define INT(name, field, value, min, max, reload, zh, en) \
	{ \
		name, KEY_INT, AT(field), value, min, max, NULL, reload, \
		{ \
			zh, en \
		} \
	}
#define BOOL(name, field, value, zh, en) \
	{ \
		name, KEY_BOOL, AT(field), value, 0, 0, "true|false", false, \
		{ \
			zh, en \
		} \
	}
#define CHOICE(name, field, value, choices, zh, en) \
	{ \
		name, KEY_CHOICE, AT(field), value, 0, 0, choices, true, \
		{ \
			zh, en \
		} \
	}
#define TEXT(name, field, value, min, max, zh, en) \
	{ \
		name, KEY_TEXT, AT(field), value, min, max, NULL, false, \
		{ \
			zh, en \
		} \
	}
#define PATH(name, field, value, zh, en) \
	{ \
		name, KEY_PATH, AT(field), value, 1, 4000, NULL, false, \
		{ \
			zh, en \
		} \
	}
#define LIST(name, field, value, max, reload, zh, en) \
	{ \
		name, KEY_LIST, AT(field), value, 1, max, NULL, reload, \
		{ \
			zh, en \
		} \
	}

/* clang-format off */
const struct conf_key conf_keys[] = {
	PATH("state", state, "\"/var/lib/drawd\"",
		"存放密钥、套接字和小文件的文件夹；相对路径从本文件所在文件夹算起，其余相对路径从此文件夹算起",
		"folder of keys, sockets and small files; a relative path starts at this file's folder, all others at `state`"),
	TEXT("authority", authority, "\"drawd.localhost\"", 1, 64,
		"组织实施抽查的机关的密钥名（PROTOCOL.md 第 1 节 name），drawd init 用它生成密钥",
		"key name of the authority (PROTOCOL.md section 1, name); drawd init makes keys of that name"),
	BOOL("demo", demo, "false",
		"允许演示轮次和移动的时钟；正式使用时不得开启",
		"allow demo rounds and a moved clock; never in earnest use"),

	INT("clock.offset_days", clock.offset_days, "0", -36500, 36500, true,
		"加到实际日期上的天数，仅限演示",
		"days added to the real date, with demo only"),

	PATH("calendar.file", calendar.file, "\"/usr/local/share/drawd/calendar/cn.txt\"",
		"国务院办公厅公布的节假日和调休上班日",
		"holidays and make-up working days as published by the State Council"),

	{ "register.quality_min", KEY_TEXT, AT(registers.quality_min), "\"99.5%\"", 2, 9, NULL, true,
		{ "名录数据正确率的最低要求：低于此值不予冻结，除非经两人同意并说明理由",
		  "least correctness of the lists: below it nothing is frozen, unless two persons agree to it for a reason" } },
	{ "register.class_move_max", KEY_TEXT, AT(registers.class_move_max), "\"5%\"", 2, 9, NULL, true,
		{ "一人可确认的一批数据最多变动多大比例的信用风险分类；超过的、且多于 10 户的，须经两人同意",
		  "the largest share of credit risk classes that a batch confirmed by one person may move; more, and more than ten entities, are agreed to by two" } },

	CHOICE("log.level", log.level, "\"info\"", "debug|info|warning|error",
		"写出的最低日志级别", "lowest level of log lines that are written"),
	CHOICE("log.format", log.format, "\"text\"", "text|json",
		"日志行的格式", "form of the log lines"),

	TEXT("database.host", database.host, "\"/var/run/postgresql\"", 1, 1000,
		"PostgreSQL 的套接字文件夹，或以逗号分隔的主机名",
		"folder of PostgreSQL's Unix socket, or host names joined by commas"),
	INT("database.port", database.port, "5432", 1, 65535, false,
		"PostgreSQL 的端口", "port of PostgreSQL"),
	TEXT("database.name", database.name, "\"drawd\"", 1, 63,
		"数据库名称", "name of the database"),
	INT("database.timeout", database.timeout, "10", 2, 300, false,
		"放弃一次连接尝试前等待的秒数", "seconds until a connection attempt is given up"),

	PATH("web.socket", web.socket, "\"run/web.sock\"",
		"接口的 Unix 套接字，权限 0660", "Unix socket of the API, mode 0660"),
	BOOL("web.tcp", web.tcp, "true",
		"另在回环地址上提供接口，供本机程序使用；反向代理请用 web.proxy_socket", "serve the API on a loopback address as well, to programs of this machine; a reverse proxy uses web.proxy_socket"),
	TEXT("web.listen", web.listen, "\"127.0.0.1\"", 2, 45,
		"回环地址", "loopback address"),
	INT("web.port", web.port, "8470", 0, 65535, false,
		"TCP 端口；0 表示任选空闲端口，端口号写入 web.port_file",
		"TCP port; 0 takes any free one, its number stands in web.port_file"),
	PATH("web.port_file", web.port_file, "\"run/web.port\"",
		"写有 TCP 端口号的文件", "file that holds the number of the TCP port"),
	LIST("web.hosts", web.hosts, "(\"localhost\", \"127.0.0.1\", \"[::1]\")", 255, true,
		"TCP 上接受的 Host 名称（不带端口）", "names accepted in Host: on TCP, without port"),
	TEXT("web.origin", web.origin, "\"\"", 0, 255,
		"浏览器访问接口的地址 https://主机[:端口]；空则只认 Host，Cookie 不加 Secure",
		"where browsers find the API, https://host[:port]; empty: Host alone counts, and cookies are not Secure"),
	{ "web.proxy_socket", KEY_PATH, AT(web.proxy_socket), "\"\"", 0, 4000, NULL, false,
		{ "供反向代理使用的 Unix 套接字：来源地址以其 X-Forwarded-For 为准，也只有它可以代报账号；空则不设",
		  "Unix socket for a reverse proxy: clients are told apart by its X-Forwarded-For, and it alone may name the account; empty for none" } },
	TEXT("web.proxy_header", web.proxy_header, "\"Drawd-User\"", 1, 64,
		"代理报账号（sso_name）所用的头字段",
		"header field in which the proxy names the account (its sso_name)"),
	LIST("web.proxy_users", web.proxy_users, "()", 64, true,
		"除 root 和本程序用户外，可连接 web.proxy_socket 的用户（名称或编号）",
		"users (names or numbers), besides root and the program's own, who may connect to web.proxy_socket"),
	TEXT("web.group", web.group, "\"\"", 0, 64,
		"套接字所属的组；空则不改", "group that owns the socket; empty leaves it"),
	INT("web.timeout", web.timeout, "60", 1, 3600, false,
		"关闭无动静连接前等待的秒数", "seconds until a silent connection is closed"),
	INT("web.connections", web.connections, "1000", 10, 100000, false,
		"TCP 上同时打开的连接数上限", "most connections open at once on TCP"),
	INT("web.database", web.database, "4", 1, 64, false,
		"到数据库的连接数", "connections to the database"),
	INT("web.queue", web.queue, "1000", 1, 100000, false,
		"等待数据库的请求数上限，超过则答复 503", "most requests waiting for the database; more get 503"),
	INT("web.page", web.page, "1000", 10, 100000, true,
		"一次答复的行数上限", "most rows in one answer"),
	INT("web.upload_max", web.upload_max, "8589934592L", 1048576, INT64_C(1099511627776), true,
		"一个上传文件的字节数上限", "most bytes of one uploaded file"),
	INT("web.uploads_max", web.uploads_max, "34359738368L", 1048576, INT64_C(10995116277760), true,
		"一个账号尚未收入的上传文件的字节数上限（合计）",
		"most bytes of one account's uploads that no list was taken in from, together"),

	PATH("auth.socket", auth.socket, "\"auth/auth.sock\"",
		"登录进程的 Unix 套接字", "Unix socket of the sign-in process"),
	PATH("auth.box", auth.box, "\"auth/auth.box\"",
		"封存动态验证码密钥的密钥文件，drawd init 生成",
		"key that seals the secrets of second factors; drawd init makes it"),
	INT("auth.memory", auth.memory, "64", 8, 4096, false,
		"计算一次密码散列（argon2id）所用的内存（MiB）", "memory of one password hash (argon2id), MiB"),
	INT("auth.passes", auth.passes, "2", 1, 20, false,
		"计算密码散列的遍数", "passes over that memory"),
	INT("auth.queue", auth.queue, "32", 1, 1000, false,
		"等待登录的请求数上限，超过则答复 503", "most sign-ins waiting; more get 503"),
	LIST("auth.totp", auth.totp,
		"(\"administrator\", \"coordinator\", \"head\", \"custodian\", \"auditor\")", 32, true,
		"必须使用动态验证码（TOTP）的角色", "roles that need a second factor (TOTP)"),
	INT("auth.idle", auth.idle, "1800", 60, 86400, true,
		"登录后无操作多少秒即终止", "seconds until a session that is not used ends"),
	INT("auth.absolute", auth.absolute, "43200", 300, 2592000, true,
		"一次登录最长秒数", "seconds until any session ends"),

	PATH("notary.keys", notary.keys, "\"keys\"",
		"存放 log.key、operator.key、notary.box 的文件夹", "folder of log.key, operator.key and notary.box"),
	PATH("notary.trust", notary.trust, "\"trust\"",
		"信任策略（PROTOCOL.md 第 13 节）", "trust policy (PROTOCOL.md section 13)"),
	PATH("notary.high_water", notary.high_water, "\"high-water\"",
		"已签署的最大日志的大小和根；不得与数据库一同备份恢复",
		"size and root of the largest log signed; never restore it together with the database"),
	LIST("notary.witnesses", notary.witnesses, "()", 1000, false,
		"见证人地址：unix:/路径 或 http://主机:端口/前缀",
		"addresses of witnesses: unix:/path or http://host:port/prefix"),
	INT("notary.witness_timeout", notary.witness_timeout, "10", 1, 300, true,
		"等待一个见证人答复的秒数", "seconds to wait for a witness"),
	INT("notary.freeze_age", notary.freeze_age, "86400", 60, 31622400, true,
		"冻结时刻最多比签署早多少秒，更早的拒签",
		"seconds that the time of a freeze may lie before its signature; an older one is refused"),

	BOOL("witness.run", witness.run, "false",
		"由本程序另起一个见证人进程（演示用；正式见证人应在他人的机器上）",
		"run a witness as well (for the demo; a true witness runs on somebody else's machine)"),
	PATH("witness.socket", witness.socket, "\"witness/witness.sock\"",
		"见证人的 Unix 套接字", "Unix socket of the witness"),
	PATH("witness.folder", witness.folder, "\"witness\"",
		"存放 witness.key 和见证状态的文件夹", "folder of witness.key and the witness's state"),

	INT("worker.count", worker.count, "2", 1, 64, false,
		"工作进程数", "worker processes"),
	INT("worker.lease", worker.lease, "30", 2, 3600, true,
		"作业无动静多少秒后可由他人接手", "seconds without a sign of life after which a job may be taken over"),
	INT("worker.attempts", worker.attempts, "5", 1, 100, true,
		"作业最多开始几次", "most starts of a job before it is given up"),

	INT("programme.lead_days", programme.lead_days, "7", 1, 60, true,
		"年度计划的抽取日之前多少天建立轮次，供各部门批准、冻结、锁定",
		"days before a date of the annual programme on which its round is made, for approvals, freeze and lock"),
	INT("programme.hour", programme.hour, "10", 0, 23, true,
		"抽取日的公共随机数的时刻（北京时间，整点）", "hour, in Beijing, of the pulse on a date of the programme"),
	CHOICE("programme.beacon", programme.beacon, "\"nist\"", "nist|nist+dice",
		"计划各轮次的公共随机数来源；nist+dice 另加现场掷骰，演示系统只掷骰",
		"source of the pulse of the programme's rounds; nist+dice: dice at a ceremony as well, a demonstration throws dice alone"),

	INT("parser.memory", parser.memory, "1024", 64, 65536, false,
		"解析进程的地址空间上限（MiB）", "address space of the parser, MiB"),
	INT("parser.seconds", parser.seconds, "600", 1, 86400, false,
		"解析一个文件的处理器时间上限（秒）", "processor time for one file, seconds"),
	INT("parser.row_max", parser.row_max, "65536", 256, 16777216, false,
		"一行的字节数上限", "most bytes of one row"),
	INT("parser.rows_max", parser.rows_max, "20000000", 1, 1000000000, false,
		"一个文件的行数上限", "most rows of one file"),
	INT("parser.xlsx_file", parser.xlsx_file, "256", 1, 65536, false,
		"一个 XLSX 工作簿的大小上限（MiB）", "largest XLSX workbook, MiB"),
	INT("parser.xlsx_inflated", parser.xlsx_inflated, "4096", 1, 1048576, false,
		"从一个工作簿中展开的内容上限（MiB）", "most that is unpacked of one workbook, MiB"),
	INT("parser.xlsx_strings", parser.xlsx_strings, "256", 1, 4000, false,
		"一个工作簿的共享文本所占内存上限（MiB），须小于 parser.memory",
		"memory for the shared texts of one workbook, MiB; less than parser.memory"),
	INT("parser.rows_known", parser.rows_known, "700000", 1, 1000000000, false,
		"查找重复行时记在内存中的行数（每百万行约 30 MiB），其余记在临时文件中",
		"rows kept in memory to find those that come twice (30 MiB a million); the others are in a temporary file"),

	{ "import.labels", KEY_PATH, AT(import.labels), "\"/usr/local/share/drawd/labels.conf\"", 0, 4000,
		NULL, false,
		{ "导入时按名称和经营范围打标签的规则文件；空则不打",
		  "rules that put labels on objects by name and business scope at import; empty for none" } },
	{ "import.departments", KEY_PATH, AT(import.departments),
		"\"/usr/local/share/drawd/departments.conf\"", 0, 4000, NULL, false,
		{ "部门表（名称、简称、代码）之外，部门名称的其他写法；空则没有",
		  "further spellings of departments, beside name, short name and code of the table "
		  "of departments; empty for none" } },
	PATH("import.sealing", import.sealing, "\"personal/personal.key\"",
		"封存个人信息（电话、身份证号、出生日期、联络员）的密钥，只有工作进程可读",
		"key that seals personal facts (telephone, citizen ID, day of birth, liaison); only the workers read it"),
	INT("import.errors_max", import.errors_max, "100000", 1, 10000000, true,
		"每批保留的错误行数上限", "most row errors kept for a batch"),
	INT("import.keep_days", import.keep_days, "30", 0, 36500, true,
		"导入文件和退回文件保存的天数，自批次最后一次办理起算，期满删除；0 为一直保存。待确认的批次和提请的依据材料不删",
		"days that files handed in and files that went back are kept behind the last that was done with the batch; 0: for ever. Those of a batch that waits, and what supports a motion, stay"),

	PATH("clues.box", clues.box, "\"clues/clues.box\"",
		"封存线索内容和来电来信人的密钥，只有接口进程可读；drawd init 生成",
		"key that seals what clues say and who said it; only the web process reads it; drawd init makes it"),
	PATH("clues.callers", clues.callers, "\"clues/callers.open\"",
		"封存吹哨人身份的公钥，drawd init 由 import.sealing 的密钥写出；接口进程自己也打不开",
		"public half of the key of import.sealing, written by drawd init: whistle-blowers' names are sealed to it, and the web process itself cannot open them"),
	INT("clues.due_days", clues.due_days, "15", 1, 365, true,
		"线索自收到起应在多少天内作出决定", "days within which a clue has to be decided on"),

	TEXT("users.notary", users.notary, "\"drawd-notary\"", 1, 32,
		"以 root 启动时存证进程的用户", "user of the notary when started as root"),
	TEXT("users.web", users.web, "\"drawd-web\"", 1, 32,
		"以 root 启动时接口进程的用户", "user of the web process when started as root"),
	TEXT("users.auth", users.auth, "\"drawd-auth\"", 1, 32,
		"以 root 启动时登录进程的用户", "user of the sign-in process when started as root"),
	TEXT("users.worker", users.worker, "\"drawd-worker\"", 1, 32,
		"以 root 启动时工作进程的用户", "user of the workers when started as root"),
	TEXT("users.parser", users.parser, "\"drawd-parser\"", 1, 32,
		"以 root 启动时解析进程的用户", "user of the parser when started as root"),
	TEXT("users.witness", users.witness, "\"drawd-witness\"", 1, 32,
		"以 root 启动时见证进程的用户", "user of the witness when started as root"),

	INT("test.time", test.time, "0", 0, INT64_C(32503680000), true,
		"固定的时刻（UTC 秒），0 为真实时钟；仅限演示，用于比对两次运行的字节",
		"UTC seconds at which the clock stands still, 0 for the real clock; with demo only, to compare the bytes of two runs"),
	TEXT("test.secret", test.secret, "\"\"", 0, 200,
		"由此文本推出全部秘密，空则随机；仅限演示",
		"text from which all secrets are derived, empty for random ones; with demo only"),
	BOOL("test.anchors", test.anchors, "true",
		"每日把审计日志锚定在公开日志中；仅限演示可关，用于比对两次运行的字节",
		"anchor the audit log in the public log once a day; false with demo only, to compare the bytes of two runs"),

	INT("supervise.grace", supervise.grace, "10", 1, 300, false,
		"从 SIGTERM 到 SIGKILL 的秒数", "seconds from SIGTERM to SIGKILL"),
	INT("supervise.backoff_max", supervise.backoff_max, "30", 1, 3600, false,
		"重启前最长等待秒数", "longest pause before a restart, seconds"),

	{ 0 },
};
/* clang-format on */
