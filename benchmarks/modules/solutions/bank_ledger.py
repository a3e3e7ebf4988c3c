def parse_cents(text):
    import re

    matched = re.fullmatch(r"(-?)(\d[\d,]*)(?:\.(\d{1,2}))?", text.strip())
    if not matched:
        raise ValueError(text)
    sign, whole, part = matched.groups()
    cents = int(whole.replace(",", "")) * 100 + int((part or "0").ljust(2, "0"))
    return -cents if sign else cents


def format_cents(cents):
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole:,}.{part:02}"


class Ledger:
    def balance(self, account):
        return sum(entry.cents for entry in self.entries if entry.account == account)

    def deposit(self, account, cents, note=""):
        if cents <= 0:
            raise ValueError("not more than zero")
        self.entries.append(Entry(account, cents, note))

    def withdraw(self, account, cents, note=""):
        if cents <= 0:
            raise ValueError("not more than zero")
        if self.balance(account) < cents:
            raise InsufficientFunds(account)
        self.entries.append(Entry(account, -cents, note))

    def transfer(self, source, target, cents):
        self.withdraw(source, cents, f"to {target}")
        self.deposit(target, cents, f"from {source}")

    def accounts(self):
        return sorted({entry.account for entry in self.entries})

    def statement(self, account):
        lines, balance = [], 0
        for entry in self.entries:
            if entry.account == account:
                balance += entry.cents
                lines.append(f"{format_cents(entry.cents)} = {format_cents(balance)} {entry.note}".rstrip())
        return lines

    def richest(self):
        return max(self.accounts(), key=self.balance, default=None)
