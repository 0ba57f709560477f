/** The message of the demo shop: every experiment with messages sends it, each with content of its own. */
export const demoTemplate = {
  name: 'shop-letter',
  definition: {
    engine: 'liquid',
    subject: '{{ slots.subject }}',
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The Kettle</title>
</head>
<body style="margin:0;background:#f1efe8;color:#22301f;font-family:Georgia,'Times New Roman',serif">
<div style="display:none;max-height:0;overflow:hidden">{{ slots.offer }}. Until {{ offer_ends }}.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:8px">
<tr><td style="padding:20px 32px;background:#2f5d46;border-radius:8px 8px 0 0;color:#ffffff;font-size:18px;letter-spacing:1px">{{ shop_name }}</td></tr>
<tr><td style="padding:32px 32px 8px">
<p style="margin:0 0 16px;font-size:16px;line-height:24px">Hello {{ user.first_name }},</p>
<h1 style="margin:0 0 12px;font-size:30px;line-height:36px;font-weight:normal;word-break:break-word">{{ slots.headline }}</h1>
<p style="margin:0 0 24px;font-size:19px;line-height:28px;color:#2f5d46;word-break:break-word"><strong>{{ slots.offer }}</strong><br><span style="font-size:15px;color:#5c6657">until {{ offer_ends }}</span></p>
<p style="margin:0 0 24px"><a href="https://shop.example/spring?m={{ message.id }}" style="display:inline-block;padding:12px 28px;background:#2f5d46;border-radius:4px;color:#ffffff;font-size:17px;text-decoration:none">To the shop</a></p>
</td></tr>
{% if items.size > 0 %}<tr><td style="padding:0 32px 16px">
<h2 style="margin:0 0 8px;padding-top:20px;border-top:1px solid #dcd9cc;font-size:18px;font-weight:normal">You may like</h2>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
{% for item in items %}<tr><td style="padding:8px 0;font-size:16px;line-height:22px;word-break:break-word"><a href="{{ item.url }}" style="color:#2f5d46">{{ item.title }}</a></td><td align="right" style="padding:8px 0;font-size:16px;line-height:22px;white-space:nowrap">{% if item.price %}{{ item.price }} {{ item.currency }}{% endif %}</td></tr>
{% endfor %}</table>
</td></tr>{% endif %}
{% if user.loyalty == "loyal" %}<tr><td style="padding:16px 32px;background:#f7f4e6;font-size:15px;line-height:22px">Your parcels travel free, as always.</td></tr>{% endif %}
<tr><td style="padding:20px 32px;border-top:1px solid #dcd9cc;font-size:13px;line-height:20px;color:#5c6657">{{ shop_name }}, 1 Kettle Lane. You get this letter because you asked for it. <a href="https://shop.example/unsubscribe?m={{ message.id }}" style="color:#5c6657">Unsubscribe</a></td></tr>
</table>
</td></tr></table>
</body>
</html>
`,
    text: `Hello {{ user.first_name }},

{{ slots.headline }}
{{ slots.offer }}, until {{ offer_ends }}.
https://shop.example/spring?m={{ message.id }}
{% if items.size > 0 %}
You may like
{% for item in items %}- {{ item.title }}: {{ item.url }}
{% endfor %}{% endif %}
{% if user.loyalty == "loyal" %}Your parcels travel free, as always.
{% endif %}
{{ shop_name }}, 1 Kettle Lane
Unsubscribe: https://shop.example/unsubscribe?m={{ message.id }}
`,
    tokens: {
      'user.first_name': { default: 'there', sample: 'Ada', description: 'As given at the first order.' },
      'user.loyalty': { default: 'new', sample: 'loyal', description: 'new, returning or loyal.' },
      shop_name: { default: 'The Kettle' },
      offer_ends: { default: 'the end of the month' },
    },
    profiles: {
      regular: {
        title: 'Comes back often',
        traits: { first_name: 'Greta', orders: 5, loyalty: 'loyal', country: 'DE' },
      },
      northerner: {
        title: 'New in the north',
        traits: { first_name: 'Finn', orders: 0, loyalty: 'new', country: 'FI' },
      },
    },
  },
} as const;
