class Dialect:
    def needs_quotes(self, field):
        special = (self.delimiter, self.quote, "\n", "\r")
        return any(char in field for char in special) or field != field.strip(" ")

    def write_field(self, field):
        if not self.needs_quotes(field):
            return field
        return self.quote + field.replace(self.quote, self.quote * 2) + self.quote

    def write_row(self, fields):
        return self.delimiter.join(map(self.write_field, fields))

    def read_row(self, line):
        fields, i = [], 0
        while True:
            field = ""
            if line[i : i + 1] == self.quote:
                i += 1
                while True:
                    end = line.find(self.quote, i)
                    if end < 0:
                        raise ValueError("a quoted field has no end")
                    field += line[i:end]
                    i = end + 1
                    if line[i : i + 1] != self.quote:
                        break
                    field += self.quote
                    i += 1
            while i < len(line) and line[i] != self.delimiter:
                field += line[i]
                i += 1
            fields.append(field)
            if i >= len(line):
                return fields
            i += 1


def sniff(line):
    return Dialect(max(",;\t|", key=line.count))


def read_table(text, dialect=Dialect()):
    lines = [line for line in text.split("\n") if line]
    if not lines:
        return []
    header = dialect.read_row(lines[0])
    rows = []
    for line in lines[1:]:
        fields = dialect.read_row(line)
        if len(fields) > len(header):
            raise ValueError(line)
        rows.append(dict(zip(header, fields + [""] * (len(header) - len(fields)))))
    return rows


def write_table(rows, dialect=Dialect()):
    if not rows:
        return ""
    header = list(rows[0])
    lines = [header] + [[row.get(key, "") for key in header] for row in rows]
    return "".join(dialect.write_row(line) + "\n" for line in lines)


def convert(value):
    if value == "":
        return None
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    return value
